"""Two periods compared, before and after a milestone or any other two, and when the rate changed by itself."""

from incident_atlas.ui.compare import comparison
from incident_atlas.ui.frame import frame
from incident_atlas.ui.history import calendar, change
from incident_atlas.ui.record import answering
from incident_atlas.ui.sidebar import sidebar
from incident_atlas.ui.state import asked, filters

with answering():
    loaded = frame("Compare", "pages/compare.py")
    sidebar(loaded, dates=False)
    comparison(loaded, filters())
    change(loaded, filters(), together=not asked().get("each"))
    calendar(loaded, filters())
