"""Incident Atlas: armed attacks in Afghanistan, with what is known of each and how surely.

Everything that is not the screen works without Streamlit: `load.load`, `filters.Filters`, `summary`, `export`.
"""
