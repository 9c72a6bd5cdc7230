"""Rebuild the files of data/ and of the base map that come from other projects. They run by hand, never at run time."""
