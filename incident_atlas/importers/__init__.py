"""Bytes to rows of text, and rows of other data sets to our columns.

`files` reads tables of any kind of file, `data_sets` recognises the data sets that people bring, this project's own among them, and
maps their rows, `mapping` guesses the columns of any other table. Rows are mapped by column, so that large files take little longer
than reading them.
"""
