"""One element of the Map page alone, for a frame on another page."""

from __future__ import annotations

import pytest

from tests.support.pages import opened, words


@pytest.mark.parametrize("show", ["map", "timeline", "figures"])
def test_one_element_stands_alone_with_its_sentence_source_and_link(show):
    app = opened("app.py", {"city": "Kabul", "show": show})
    text = words(app)
    assert not app.exception and "incidents in Kabul" in text and "Source: Incident Atlas" in text
    assert "Open in Incident Atlas" in text and "?city=Kabul'" in text.replace("&#39;", "'")
    # Neither filters nor the other elements are there.
    assert not app.multiselect and not app.get("download_button")
    assert bool(app.get("component_instance")) == (show == "map")
    assert bool(app.get("arrow_vega_lite_chart") or app.get("vega_lite_chart")) == (show == "timeline")
    assert ("class='atlas-figures atlas-totals'" in text) == (show == "figures")


def test_another_name_shows_the_whole_page_and_says_so():
    app = opened("app.py", {"show": "<b>all</b>"})
    assert app.multiselect and "Ignored in the address: show=&#60;b&#62;all" in words(app)
