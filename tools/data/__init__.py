"""Scripts that make the data files of the base map from packages. They run by hand, never at run time."""
