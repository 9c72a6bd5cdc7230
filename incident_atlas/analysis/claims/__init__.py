"""Claims of others, tested against a record. A kind of claim is a function of counts, ratio, first or only, and a line of `verdict.TESTS`."""
