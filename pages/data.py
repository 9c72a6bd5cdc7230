"""Your data: files of one session, how well each was read, and what a person decides of them."""

from incident_atlas.ui.data import files, mixture, sections
from incident_atlas.ui.frame import frame
from incident_atlas.ui.record import answering

with answering():
    loaded = frame("Your data", "pages/data.py")
    files(loaded)
    mixture()
    sections(loaded)
