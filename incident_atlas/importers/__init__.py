"""Bytes to rows of text, and rows of other data sets to our columns: one module per format.

`atlas` reads this project's own columns from any delimited text file. `formats` names the data sets that people bring and
recognises them; `acled`, `ucdp` and `gtd` map their rows, by column (`texts`), so that large files take little longer
than reading them.
"""
