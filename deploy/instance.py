"""The dashboard as `make serve` starts it: app.py, and on every answer the headers of ATLAS_FRAME_ANCESTORS (docs/instance.md)."""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from incident_atlas.ui.frame_headers import FRAME_ANCESTORS, AddHeaders, frame_headers

try:
    HEADERS = frame_headers(os.environ.get(FRAME_ANCESTORS, ""))
except ValueError as trouble:
    raise SystemExit(str(trouble)) from None

app = st.App(Path(__file__).parents[1] / "app.py", middleware=[Middleware(AddHeaders, headers=HEADERS)])
