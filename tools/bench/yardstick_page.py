"""The yardstick: the same question answered the way that comes first to mind, one folium.Marker per incident.

Reads the file that INCIDENTS_SOURCE names. It has a date slider, the map with its markers in a MarkerCluster, and three bar
charts, and nothing else: no offline map, no precision, no card. `make bench` times it beside our own page.
"""

import os

import folium
import pandas as pd
import streamlit as st
from folium.plugins import MarkerCluster
from streamlit_folium import st_folium


@st.cache_data
def record(path: str) -> pd.DataFrame:
    """The incidents that have a point of their own or, without one, the middle of the country: each gets its marker."""
    rows = pd.read_csv(path, dtype={"title": "str"})
    rows["date"] = pd.to_datetime(rows["date"].str.ljust(10, "x").str.replace("xxx", "-01"), errors="coerce")
    return rows.fillna({"latitude": 34.0, "longitude": 66.0})


st.set_page_config(layout="wide")
rows = record(os.environ["INCIDENTS_SOURCE"])
first, last = rows["date"].min().date(), rows["date"].max().date()
since, until = st.slider("Period", first, last, (first, last), key="w:period")
in_range = rows[rows["date"].between(pd.Timestamp(since), pd.Timestamp(until))]

drawn = folium.Map([34.0, 66.0], zoom_start=6)
cluster = MarkerCluster().add_to(drawn)
for one in in_range.itertuples():
    folium.Marker([one.latitude, one.longitude], popup=one.title, tooltip=one.target_type).add_to(cluster)
st_folium(drawn, height=430, use_container_width=True)

for by in (in_range["date"].dt.year, in_range["target_type"], in_range["perpetrator"]):
    st.bar_chart(by.value_counts())
