"""Your data: files of one session, how well each was read, and what a person decides of them."""

from incident_atlas.ui.pages.data.data import files, mixture, sections
from incident_atlas.ui.parts.page import frame
from incident_atlas.ui.session.record import answering

with answering():
    loaded = frame("Your data", "pages/data.py")
    files(loaded)
    mixture()
    sections(loaded)
