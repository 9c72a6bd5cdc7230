"""Two pages for a meeting: what a filter shows, made offline as PDF (typst) or Word document (python-docx)."""
