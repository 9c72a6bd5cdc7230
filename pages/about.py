"""About the record: what it holds, what it does not say, and what became of every row of its file."""

from incident_atlas.ui.pages.about import about_page

about_page()
