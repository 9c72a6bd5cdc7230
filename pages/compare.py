"""Two periods compared, before and after a milestone or any other two, and when the rate changed by itself."""

from incident_atlas.ui.pages.compare.compare import compare_page

compare_page()
