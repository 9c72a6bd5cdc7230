"""What each data set has that the others lack, once duplicates are joined."""

from __future__ import annotations

import streamlit as st

from incident_atlas import overlap, overlap_chart
from incident_atlas.load import Loaded
