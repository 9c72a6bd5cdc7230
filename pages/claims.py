"""Claims of others, asked of the record: what it supports, what it contradicts, and what it cannot tell."""

from incident_atlas.ui.claims import claims
from incident_atlas.ui.frame import frame
from incident_atlas.ui.record import answering

with answering():
    claims(frame("Claims", "pages/claims.py"))
