"""What every page has: the title, the menu, the state from the URL, the record's last day, what was ignored or set aside."""

from __future__ import annotations

import re

import streamlit as st

from incident_atlas.core.data_sets import asking
from incident_atlas.core.text import counted, safe_text
from incident_atlas.dataset.filter_sentence import last_day
from incident_atlas.dataset.load import Loaded, give_back
from incident_atlas.theme import theme
from incident_atlas.ui.session import logging as log
from incident_atlas.ui.session import url_state as state
from incident_atlas.ui.session.record import loaded_record
from incident_atlas.ui.session.uploads import has_own

PAGES = (
    ("app.py", "Map"),
    ("pages/incidents.py", "Incidents"),
    ("pages/compare.py", "Compare"),
    ("pages/nearby.py", "Nearby"),
    ("pages/claims.py", "Claims"),
    ("pages/data.py", "Your data"),
    ("pages/about.py", "About the record"),
)

_STYLE = """<style>
[data-testid="stMainBlockContainer"] {padding: 2rem 1.5rem 3rem; max-width: 100%;}
[data-testid="stMainBlockContainer"] [data-testid="stVerticalBlock"] {gap: .6rem;}
[data-testid="stHeader"] {background: transparent; height: 2rem; min-height: 2rem;}
[data-testid="stSidebarHeader"] {height: 2.2rem; padding-bottom: 0; margin-bottom: 0;}
[data-testid="stSidebarUserContent"] {padding-top: 0;}
[data-testid="stMultiSelect"] [data-tag] {background: var(--atlas-line) !important; color: var(--atlas-ink) !important;}
[data-testid="stMultiSelect"] [data-tag] * {color: inherit !important;}
.atlas-sentence {font-size: 1.05rem; font-weight: 600; margin: 0; padding: 0; line-height: 1.35;}
.atlas-note {font-size: .82rem; overflow-wrap: anywhere; color: var(--atlas-muted); margin: .15rem 0 0;}
.atlas-figures {display: flex; flex-wrap: wrap; gap: .4rem 2.6rem; margin: .5rem 0 .2rem;}
.atlas-figures b {display: block; font-size: 1.55rem; font-weight: 600; line-height: 1.15; font-variant-numeric: tabular-nums;}
.atlas-figures b small {font-size: .95rem; font-weight: 400; color: var(--atlas-muted);}
.atlas-figures span {display: block; font-size: .82rem; color: var(--atlas-muted);}
.atlas-card a {color: var(--atlas-accent);}
.atlas-card h3 {font-size: 1.05rem; margin: 0 0 .3rem; padding: 0; line-height: 1.3;}
.atlas-card p {font-size: .88rem; margin: 0 0 .45rem;}
.atlas-card dl {display: grid; grid-template-columns: 6.2rem 1fr; gap: .15rem .6rem; font-size: .85rem; margin: 0 0 .4rem !important; padding: 0 !important;}
.atlas-card dt {color: var(--atlas-muted);}
.atlas-card dt, .atlas-card dd {margin: 0 !important; padding: 0 !important;}
.atlas-card ul {font-size: .85rem; margin: 0; padding-left: 1.1rem;}
.atlas-title {font-size: 1.45rem; margin: 0; padding: 0; line-height: 1.25;}
.atlas-heading {font-size: 1.05rem; margin: .8rem 0 .2rem; padding: 0;}
.atlas-grade, .atlas-text {font-size: .92rem; margin: 0;}
.atlas-list {font-size: .9rem; margin: 0; padding-left: 1.1rem;}
.atlas-list ul {font-size: inherit;}
.atlas-list a, .atlas-reports a, .atlas-table a {color: var(--atlas-accent);}
.atlas-scroll {overflow-x: auto;}
.atlas-reports {border-collapse: collapse; font-size: .85rem; min-width: 640px; width: 100%;}
.atlas-reports th {text-align: left; font-weight: 600; color: var(--atlas-muted);}
.atlas-reports th, .atlas-reports td {padding: .35rem .7rem .35rem 0; border-bottom: 1px solid var(--atlas-line); vertical-align: top;}
.atlas-reports small {color: var(--atlas-muted);}
.atlas-table {max-height: 340px; overflow: auto;}
.atlas-whole .atlas-table {max-height: none;}
.atlas-table table {border-collapse: collapse; font-size: .82rem; width: 100%;}
.atlas-table caption {text-align: left; font-weight: 600; padding-bottom: .3rem; caption-side: top; color: var(--atlas-ink);}
.atlas-table th, .atlas-table td {padding: .12rem .6rem .12rem 0; border-bottom: 1px solid var(--atlas-line); vertical-align: top;}
.atlas-table th {font-weight: 400; text-align: left;}
.atlas-table thead th {color: var(--atlas-muted); position: sticky; top: 0; background: var(--atlas-background);}
.atlas-table td {text-align: left;}
.atlas-table .atlas-number {text-align: right; font-variant-numeric: tabular-nums;}
.atlas-table .atlas-none {color: var(--atlas-muted);}
.st-key-most-hit .atlas-table {max-height: none;}
/* It is filled after it has opened; without a height it would stay under its button, where the window may end. */
[data-testid="stPopoverBody"][aria-label="Data and picture"] {min-height: min(24rem, 70vh) !important;}
[class*="st-key-data-"] button {padding: 0; min-height: 1.6rem; color: var(--atlas-muted);}
[class*="st-key-data-"] button p {font-size: .78rem;}
.atlas-key {font-size: .78rem; margin: 0; color: var(--atlas-muted); line-height: 1.45;}
.atlas-key i {display: inline-flex; width: 1rem; height: 1rem; border-radius: 50%; align-items: center; justify-content: center;
  font: 600 .6rem/1 system-ui, sans-serif; vertical-align: -.15rem; margin-right: .2rem;}
.atlas-contents {list-style: none; margin: .2rem 0 .4rem !important; padding: 0 !important; font-size: .88rem;}
.atlas-contents li {margin: 0 !important; padding: .08rem 0 .08rem 1.4rem !important; text-indent: -1.4rem; font-size: inherit;}
.atlas-contents span {display: inline-block; width: 1.4rem; text-indent: 0;}
.atlas-contents, .atlas-claim h2 {overflow-wrap: anywhere;}
[class*="st-key-looks-"] [data-testid="stPageLink-NavLink"] {padding-left: 0; padding-right: 0;}
[class*="st-key-looks-"] [data-testid="stPageLink-NavLink"] p {color: var(--atlas-accent); text-decoration: underline;}
.atlas-findings {columns: 2 25rem; column-gap: 2.4rem;}
.atlas-findings section {break-inside: avoid; padding-bottom: .4rem;}
.atlas-findings caption {position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);}
.atlas-pair table {table-layout: fixed;}
.atlas-pair :is(th, td):first-child {width: 5.2rem;}
.atlas-pair .atlas-table {max-height: none;}
[class*="st-key-leads-"] {row-gap: 0 !important;}
/* Streamlit draws its links one into the other, and as the page that is open. */
[class*="st-key-leads-"] [data-testid="stElementContainer"] {margin: 0;}
[class*="st-key-leads-"] [data-testid="stPageLink-NavLink"] {padding: .1rem 0; line-height: 1.3; background: none;}
[class*="st-key-leads-"] [data-testid="stPageLink-NavLink"] p {font-size: .85rem; font-weight: 400; color: var(--atlas-accent); text-decoration: underline; white-space: normal;}
.atlas-contents a {color: inherit !important; text-decoration: none;}
.atlas-contents a:hover {text-decoration: underline;}
.atlas-contents b {color: var(--atlas-muted); font-weight: 400; white-space: nowrap;}
.atlas-claim h2 {font-size: 1rem; font-weight: 400; margin: 0; padding: 0; line-height: 1.35;}
.atlas-claim .atlas-verdict {font-size: 1.05rem; font-weight: 600; margin: 0 0 .15rem;}
.atlas-claim .atlas-verdict span {display: inline-block; width: 1.4rem;}
.atlas-claim .atlas-said {font-size: .95rem; font-weight: 600; margin: .5rem 0; line-height: 1.4;}
.atlas-claim dl {display: grid; grid-template-columns: 5.4rem 1fr; gap: .1rem .6rem; font-size: .8rem; margin: .3rem 0 !important; padding: 0 !important;}
.atlas-claim dt, .atlas-claim dd {margin: 0 !important; padding: 0 !important; font-size: .8rem; overflow-wrap: anywhere;}
.atlas-claim dt {color: var(--atlas-muted);}
.atlas-claim ul {font-size: .8rem; margin: .3rem 0; padding-left: 1.1rem;}
.atlas-claim li {font-size: .8rem; margin: 0;}
[class*="st-key-leads-claim"] {flex-direction: row; flex-wrap: wrap; column-gap: 1rem;}
.atlas-claim a {color: var(--atlas-accent);}
@media (min-width: 1200px) {.st-key-w-heat {margin: -2.3rem 0 0 auto; width: fit-content;}}
.st-key-most-hit td {white-space: nowrap;}
.st-key-most-hit-looks button {padding: 0; min-height: 1.5rem;}
.st-key-most-hit-looks {row-gap: 0 !important;}
@media (max-width: 640px) {.st-key-most-hit :is(th, td):nth-last-child(-n+3) {display: none;}}
@media (max-width: 640px) {[data-testid="stHorizontalBlock"]:has(.st-key-card) {flex-direction: column-reverse;}
  [data-testid="stLayoutWrapper"]:has(> .st-key-card), .st-key-card {height: auto !important; max-height: none;}
  .atlas-figures {display: grid; grid-template-columns: 1fr 1fr; gap: .4rem 1rem;}
  .atlas-figures b {font-size: 1.25rem;}}
</style>"""


# The charts' own buttons would pass by the question of ui/permission.py, and name no source.
_NO_OWN_FILES = (
    "<style>[data-testid='stElementToolbarButton']:has(button[aria-label^='Download as PNG'], "
    "button[aria-label^='Copy Vega-Lite spec']) {display: none;}</style>"
)


def frame(title: str, page: str) -> Loaded:
    """Begin a page: returns the record, with the session's state brought up to date."""
    log.keep_words_out()
    # What the page before this one needed goes back before this one needs more.
    give_back()
    st.set_page_config(page_title=f"{title} · Incident Atlas", layout="wide", initial_sidebar_state="auto")
    look = theme(scheme())
    # Words take their colour from the page, which may change its scheme before the script runs again.
    mixed = {
        "muted": "color-mix(in srgb, currentColor 72%, transparent)",
        "line": "color-mix(in srgb, currentColor 20%, transparent)",
    }
    mixed |= {"ink": "inherit", "accent": look.accent}
    st.html(re.sub(r"var\(--atlas-(\w+)\)", lambda token: mixed.get(token[1]) or getattr(look, token[1]), _STYLE))
    # What is said while the record is read stands in a place of its own: gone again, it would move the map, and a map that is
    # moved on the page is built anew and forgets where it was.
    with st.container():
        loaded = loaded_record()
    if asking(loaded.origins):
        st.html(_NO_OWN_FILES)
    state.open_state(loaded, page)
    with st.sidebar:
        st.html("<h1 style='font-size:1.25rem;margin:0;padding:0'>Incident Atlas</h1>")
        for path, label in PAGES:
            st.page_link(path, label=label)
    return loaded


def scheme() -> str:
    """The colour scheme of the reader's browser, light until it is known."""
    return st.context.theme.type or "light"


def notes(loaded: Loaded) -> str:
    """The record's last day and what a reader must know of what is not shown, as one harmless line."""
    parts = [last_day(loaded.source.last), *([loaded.discretion] if loaded.discretion else [])]
    if not loaded.source.shipped:
        parts.append(f"File: {loaded.source.name}{', until you reload' if has_own() else ''}.")
    if len(loaded.origins) > 1:
        parts.append("An attack that two data sets hold counts twice until you join it on Your data.")
    if len(loaded.problems):
        aside = f", {counted(loaded.source.set_aside, 'row')} set aside" if loaded.source.set_aside else ""
        parts.append(f"{counted(len(loaded.problems), 'problem')} in the file{aside}: see About the record.")
    if ignored := st.session_state.get("ignored"):
        parts.append(f"Ignored in the address: {', '.join(ignored[:5])}.")
    return safe_text(" ".join(parts), 600)
