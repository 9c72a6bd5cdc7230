"""Bytes to rows of text: one module per format.

`atlas` reads this project's own columns from any delimited text file.
"""
