"""The only altair: charts of the numbers in analysis/, and their files."""
