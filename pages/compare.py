"""Two periods compared, before and after a milestone or any other two, and when the rate changed by itself."""

from incident_atlas.ui.pages.compare.compare import comparison
from incident_atlas.ui.pages.compare.history import calendar, change
from incident_atlas.ui.parts.page import frame
from incident_atlas.ui.parts.sidebar import sidebar
from incident_atlas.ui.session.record import answering
from incident_atlas.ui.session.url_state import asked, filters

with answering():
    loaded = frame("Compare", "pages/compare.py")
    sidebar(loaded, dates=False)
    comparison(loaded, filters())
    change(loaded, filters(), together=not asked().get("each"))
    calendar(loaded, filters())
