"""How fast the dashboard answers many readers at once, and what each costs it: `make load`. It ends with 1 when an answer was wrong.

Readers without a browser (tools/bench/visitor.py) move the date slider, move the map, open an incident and go back to the list, each
about every five seconds, on invented incidents. They run in this process, the server in its own, started anew for every number of
readers. Time is from the message sent to the last of its answer; every answer is held against what was asked. Linux only.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import json
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import RECORD, load
from incident_atlas.maps.clusters import PROVINCE_ZOOM
from incident_atlas.maps.folium_map import COUNTRY_VIEW
from tests.support.browser import App, running_app
from tools.bench.measure import process_memory
from tools.bench.visitor import MAP, VisitFailed, Visitor, drawn
from tools.synthetic import records

ROWS = "rows-view-"
"""The key of the list beside the map, for `Visitor.find`."""

PAUSE = 5.0
"""Seconds from one interaction of a reader to the next, give or take a third."""

QUICK = 1.0
"""The same for a reader who is alone: nobody waits for her, and a percentile needs enough of her answers."""

CROWD = 10
"""Readers who do not think at all, for interactions per second."""

SPANS = 150
"""Periods that the slider is moved to, of which it is known how many incidents each holds."""


@dataclass(frozen=True)
class Facts:
    """What answers are held against: the number of incidents of some periods, and points where incidents are."""

    spans: tuple[tuple[date, date, int], ...]
    points: tuple[tuple[float, float], ...]


@dataclass
class Reader:
    """One visitor and what she does in turn.

    took: kind and seconds of each interaction. faults: what went wrong. view: latitude, longitude and zoom of her map.
    """

    visitor: Visitor
    facts: Facts
    chance: random.Random
    took: list[tuple[str, float]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    view: tuple[float, float, float] = COUNTRY_VIEW

    async def open(self) -> None:
        """Open the Map page; like the browser's map, tell the server where it is."""
        await self.visitor.open()
        await self._view(*COUNTRY_VIEW)

    async def stay(self, begin: float, end: float, pause: float) -> None:
        """Interact until `end`, beginning somewhere in the first pause; a fault ends the visit."""
        turn, due = 0, begin + self.chance.random() * pause
        try:
            while due < end:
                await asyncio.sleep(due - time.perf_counter())
                act = (self.slide, self.pan, self.open_or_close)[turn % 3]
                self.took.append((act.__name__, await act()))
                turn += 1
                due = max(due + pause * self.chance.uniform(2 / 3, 4 / 3), time.perf_counter())
        except (VisitFailed, OSError) as fault:
            self.faults.append(str(fault))
        except Exception as fault:  # a lost connection has many names, and none may pass for an answer
            self.faults.append(f"{type(fault).__name__}: {fault}")

    async def slide(self) -> float:
        """Choose both dates, the first of them untimed; the headline must then count what the record holds of that period."""
        since, until, expected = self.chance.choice(self.facts.spans)
        await self.visitor.touch("w:until", string_value=f"{until}")
        seconds = await self.visitor.touch("w:since", string_value=f"{since}")
        message = re.search(r"class='atlas-figures[^']*'><div><b>([\d,]+)", self.visitor.html())
        shown = self.visitor.parameters()
        _hold((shown.get("from"), shown.get("to")) == (f"{since}", f"{until}"), f"the slider at {since} and {until} gave {shown}")
        _hold(
            message is not None and int(message[1].replace(",", "")) == expected,
            f"{since} to {until} holds {expected}, not {message and message[1]}",
        )
        return seconds

    async def pan(self) -> float:
        """Move the map to where an incident is; its marks must then be those of that view."""
        at = self.chance.choice(self.facts.points)
        return await self._view(*at, self.chance.choice((7, 8, 9, 10)))

    async def _view(self, latitude: float, longitude: float, zoom: float) -> float:
        high, wide = _reach(zoom)
        south, west, north, east = latitude - high, longitude - wide, latitude + high, longitude + wide
        bounds = {"_southWest": {"lat": south, "lng": west}, "_northEast": {"lat": north, "lng": east}}
        message = {"bounds": bounds, "zoom": zoom, "center": {"lat": latitude, "lng": longitude}, "last_object_clicked_count": 0}
        seconds = await self.visitor.touch(MAP, json_value=json.dumps(message))
        self.view = latitude, longitude, zoom
        # A little more than is seen is drawn, a fifth of the map on every side; marks of provinces are drawn wherever they are.
        far = [
            (y, x) for y, x, *_ in self._payload()["marks"] if abs(y - latitude) > 1.41 * high or abs(x - longitude) > 1.41 * wide
        ]
        _hold(
            not far or zoom < PROVINCE_ZOOM,
            f"the map at {latitude}, {longitude}, zoom {zoom} has marks far outside of it: {far[:3]}",
        )
        if zoom != COUNTRY_VIEW[2]:
            expected = {"lat": f"{latitude:.4f}", "lon": f"{longitude:.4f}", "zoom": f"{zoom:g}"}
            _hold(
                expected.items() <= self.visitor.parameters().items(), f"the map at {expected} gave {self.visitor.parameters()}"
            )
        return seconds

    def _payload(self) -> dict[str, Any]:
        """What the map was last given to draw."""
        return json.loads(re.search(r"atlas\.marks\(\w+, (\{.*\})\)", drawn(self.visitor)["feature_group"])[1])

    def _marks_in_view(self) -> list[Any]:
        """Marks in view whose incidents are there too: no mark of a province, and no area that only reaches into the view."""
        latitude, longitude, zoom = self.view
        if zoom < PROVINCE_ZOOM:
            return []
        high, wide = _reach(zoom)
        return [mark for mark in self._payload()["marks"] if abs(mark[0] - latitude) < high and abs(mark[1] - longitude) < wide]

    async def open_or_close(self) -> float:
        """Open an incident of the list, whose card must then bear its title; or, when a card is open, go back to the list."""
        if self.visitor.shows("back"):
            seconds = await self.visitor.touch("back", for_once=True, trigger_value=True)
            _hold(not self.visitor.shows("back") and "incident" not in self.visitor.parameters(), "the card did not close")
            self._hold_list()
            return seconds
        self._hold_list()
        if not self.visitor.shows(ROWS):
            return await self.pan()
        labels = [option.content for option in self.visitor.find(ROWS).content.options]
        if not labels:
            return await self.pan()
        row = self.chance.randrange(len(labels))
        seconds = await self.visitor.touch(ROWS, string_array_value=[labels[row]])
        card = html.unescape(self.visitor.html().partition("atlas-card")[2].partition("</h3>")[0])
        _hold(
            "incident" in self.visitor.parameters() and re.sub(r"\\(.)", r"\1", labels[row].partition("  \n")[0]) in card,
            f"the card of row {row} does not say what its row said",
        )
        return seconds

    def _hold_list(self) -> None:
        """These dates may have no incident in view, and so no list: then the map has no mark there either."""
        marks = [] if self.visitor.shows(ROWS) else self._marks_in_view()
        _hold(not marks, f"the list is empty, but the map has marks in view: {marks[:3]}")


def _reach(zoom: float) -> tuple[float, float]:
    """Degrees from the middle to the rim, up and sideways, of a map of about 900 by 430 pixels."""
    return 250 / 2**zoom, 630 / 2**zoom


def _hold(true: bool, otherwise: str) -> None:
    if not true:
        raise VisitFailed(otherwise)


def facts(record: Path) -> Facts:
    """What answers about the record at this path must say, worked out from the record itself."""
    incidents, chance = load(record).incidents, random.Random(1)
    first, last = incidents["date"].min().date(), incidents["date"].max().date()
    days, spans = (last - first).days, []
    for _ in range(SPANS):
        since, until = (first + timedelta(days=day) for day in sorted(chance.sample(range(1, days), 2)))
        spans.append((since, until, len(Filters(since=since, until=until).apply(incidents, columns=["row"]))))
    placed = incidents[["latitude", "longitude"]].dropna().sample(min(500, len(incidents)), random_state=1)
    return Facts(tuple(spans), tuple(placed.round(4).itertuples(index=False, name=None)))


@dataclass(frozen=True)
class Level:
    """What so many readers met: seconds of each interaction, faults, megabytes of the server, seconds of processor of both."""

    users: int
    seconds: list[float]
    faults: list[str]
    lasted: float
    memory: float
    server: float
    ours: float

    def p95(self) -> float:
        """The time that 19 of 20 interactions stay below."""
        return quantiles(self.seconds, n=20, method="inclusive")[-1]


async def level(app: App, known: Facts, users: int, seconds: float, pause: float, seed: int = 7) -> Level:
    """So many readers for so long, after all of them have opened the page."""
    readers = [Reader(Visitor(app.url), known, random.Random(seed + number)) for number in range(users)]
    for one in readers:
        await one.open()
    begin, server, ours = time.perf_counter(), _processor(app), time.process_time()
    await asyncio.gather(*(one.stay(begin, begin + seconds, pause) for one in readers))
    lasted = time.perf_counter() - begin
    spent = _processor(app) - server, time.process_time() - ours
    memory = process_memory(app.process.pid)
    for one in readers:
        await one.visitor.close()
    took = [each for one in readers for _, each in one.took]
    return Level(users, took, [fault for one in readers for fault in one.faults], lasted, memory, *spent)


def _processor(app: App) -> float:
    user, system = Path(f"/proc/{app.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / 100  # the kernel counts in hundredths, whatever its own clock


@contextmanager
def served(record: Path) -> Iterator[App]:
    """The app with this record, its page opened once: what the first reader waits for is no part of what follows."""
    with running_app(INCIDENTS_SOURCE=str(record)) as app:
        asyncio.run(_opened(app))
        yield app


async def _opened(app: App) -> None:
    visitor = Visitor(app.url)
    await visitor.open()
    await visitor.close()


HEAD = "users  interactions  median      p95  median/one  p95/one  errors  server MB  MB a user  server's cores  ours"


def line(each: Level, one: Level) -> str:
    """A line of the table under `HEAD`: so many readers against one."""
    if len(each.seconds) < 2:
        return f"{each.users:>5}  {len(each.seconds):>12}  too few to say; {len(each.faults)} errors"
    middle, high = median(each.seconds), each.p95()
    own = f"{(each.memory - one.memory) / (each.users - one.users):.1f}" if each.users > one.users else ""
    return (
        f"{each.users:>5}  {len(each.seconds):>12}  {middle:.3f} s  {high:.3f} s  {middle / median(one.seconds):>10.1f}  "
        f"{high / one.p95():>7.1f}  {len(each.faults):>6}  {each.memory:>9.0f}  {own:>9}  {each.server / each.lasted:>14.2f}  "
        f"{each.ours / each.lasted:>4.2f}"
    )


def main() -> int:
    """Print the table and the interactions per second; 1 when there was an error."""
    options = argparse.ArgumentParser(description="Many readers at once: how long each waits, and what each costs the server.")
    options.add_argument(
        "--users", default="1,10,25,50", help="numbers of readers, the first of them what others are held against"
    )
    options.add_argument("--seconds", type=float, default=90, help="how long each number of them stays")
    options.add_argument("--incidents", type=int, default=20_000, help="invented incidents; 0 for the record of the dashboard")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        record = RECORD
        if chosen.incidents:
            record = Path(folder) / "invented.csv"
            records.write(record, chosen.incidents)
        known = facts(record)
        levels = []
        print(HEAD, flush=True)
        for users in map(int, chosen.users.split(",")):
            with served(record) as app:
                levels.append(asyncio.run(level(app, known, users, chosen.seconds, QUICK if users == 1 else PAUSE)))
            print(line(levels[-1], levels[0]), flush=True)
        for users in (1, CROWD):
            with served(record) as app:
                crowd = asyncio.run(level(app, known, users, chosen.seconds / 3, 0))
            levels.append(crowd)
            print(f"{users} who do not think: {len(crowd.seconds) / crowd.lasted:.1f} interactions a second", flush=True)
    for fault in sorted({fault for each in levels for fault in each.faults})[:20]:
        print(f"error: {fault}", file=sys.stderr)
    return 1 if any(each.faults for each in levels) else 0


if __name__ == "__main__":
    sys.exit(main())
