"""The only Streamlit: state and URL, frame, filters, map, charts, cards, downloads."""
