"""Your data: files of one session, how well each was read, and what a person decides of them."""

from incident_atlas.ui.pages.data.data import data_page

data_page()
