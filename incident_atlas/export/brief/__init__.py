"""Two pages for a meeting: what a filter shows, made offline as PDF (typst) or Word document (python-docx)."""

LONGEST_TITLE = 110
"""Characters of the title of a brief."""
