"""Speed, memory and the quality of statistics and duplicates: `make bench`, `load`, `soak` and `small`."""
