"""Claims of others, asked of the record: what it supports, what it contradicts, and what it cannot tell."""

from incident_atlas.ui.pages.claims import claims
from incident_atlas.ui.parts.page import frame
from incident_atlas.ui.session.record import answering

with answering():
    claims(frame("Claims", "pages/claims.py"))
