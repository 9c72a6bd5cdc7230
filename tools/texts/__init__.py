"""The texts of the dashboard: which strings are texts, and the catalogue that holds them."""
