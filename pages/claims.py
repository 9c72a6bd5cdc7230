"""Claims of others, asked of the record: what it supports, what it contradicts, and what it cannot tell."""

from incident_atlas.ui.pages.claims import claims_page

claims_page()
