"""One reader of the running app without a browser: it speaks the browser's own protocol, so that fifty fit beside the server.

Streamlit's page and server exchange protobuf messages over one websocket. A visitor sends what the page would send when a
widget changes, keeps what the page would keep, and an answer is whole only when the server says that the script has finished.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

SECONDS = 120.0
"""The longest wait for an answer; after it the visit has failed."""

MAP = "streamlit_folium"
"""The map's key for `Visitor.find`."""

_CONNECTION = {"max_size": None, "max_queue": None, "ping_interval": None, "compression": None, "proxy": None}


class VisitFailed(RuntimeError):
    """The server did not answer, or its answer was an error or not what was asked for; the message says which."""


@dataclass
class Shown:
    """One element or container of the page, the fragment that made it ("" for none), and the number of the run that did."""

    content: Any
    fragment: str
    run: int


@dataclass
class Visitor:
    """A page that is open. shown: its elements by their path. query: its address behind the question mark. received: bytes so far.

    Like the browser it tells the server which large messages it still has, and is then sent only their hashes.
    """

    url: str
    query: str = ""
    received: int = 0
    shown: dict[tuple[int, ...], Shown] = field(default_factory=dict)
    _socket: ClientConnection | None = None
    _page: str = ""
    _run: int = 0
    _kept: dict[str, tuple[Delta, int]] = field(default_factory=dict)
    _states: dict[str, WidgetState] = field(default_factory=dict)

    async def open(self, query: str = "") -> float:
        """Open the Map page and wait for all of it; seconds."""
        address = self.url.replace("http", "ws", 1) + "/_stcore/stream"
        self._socket = await connect(address, subprotocols=["streamlit"], **_CONNECTION)
        self.query = query
        return await self._ask()

    async def close(self) -> None:
        """End the visit, as closing the tab does."""
        if self._socket:
            await self._socket.close()

    async def touch(self, key: str, for_once: bool = False, **value: Any) -> float:
        """Change the widget of that key and wait for the whole answer; seconds. value: the field of `WidgetState`, and what it holds.

        for_once: a button, or whatever else the browser tells only once.
        """
        one = self.find(key)
        state = WidgetState(id=one.content.id)
        for name, held in value.items():
            if name.endswith("array_value"):
                getattr(state, name).data.extend(held)
            else:
                setattr(state, name, held)
        try:
            return await self._ask(one.fragment, state)
        finally:
            if not for_once:
                self._states[state.id] = state

    def find(self, key: str) -> Shown:
        """The widget whose key is, or begins with, these words; of several the last drawn."""
        found = [one for one in self.shown.values() if _key(one.content).startswith(key)]
        if not found:
            raise VisitFailed(f"The page shows no {key}.")
        return max(found, key=lambda one: one.run)

    def shows(self, key: str) -> bool:
        """Whether the page shows such a widget."""
        return any(_key(one.content).startswith(key) for one in self.shown.values())

    def html(self) -> str:
        """All that the page says in HTML of its own, one element a line."""
        return "\n".join(one.content.body for one in self.shown.values() if one.content.DESCRIPTOR.name == "Html")

    def parameters(self) -> dict[str, str]:
        """The parameters of the address."""
        return {name: values[-1] for name, values in parse_qs(self.query).items()}

    async def _ask(self, fragment: str = "", *touched: WidgetState) -> float:
        """Run the page, or only a fragment of it, and take in the answer."""
        states = {**self._states, **{one.id: one for one in touched}}
        query = ClientState(query_string=self.query, page_script_hash=self._page, fragment_id=fragment)
        query.widget_states.widgets.extend(states.values())
        query.cached_message_hashes.extend(self._kept)
        query.context_info.url, query.context_info.color_scheme = self.url, "light"
        query.context_info.timezone, query.context_info.locale = "UTC", "en-GB"
        self._run += 1
        begin = time.perf_counter()
        await self._socket.send(BackMsg(rerun_script=query).SerializeToString())
        try:
            async with asyncio.timeout(SECONDS):
                await self._answer()
        except TimeoutError as late:
            raise VisitFailed(f"No whole answer in {SECONDS:.0f} seconds.") from late
        seconds = time.perf_counter() - begin
        stale = [path for path, one in self.shown.items() if one.run < self._run and (not fragment or one.fragment == fragment)]
        for path in stale:
            del self.shown[path]
        ids = {getattr(one.content, "id", "") for one in self.shown.values()}
        self._states = {name: state for name, state in self._states.items() if name in ids}
        self._kept = {name: kept for name, kept in self._kept.items() if kept[1] > self._run - 2}
        if text := list(self._errors()):
            raise VisitFailed(f"The page says: {'; '.join(text)}")
        return seconds

    async def _answer(self) -> None:
        while True:
            data = await self._socket.recv()
            self.received += len(data)
            message = ForwardMsg.FromString(data)
            kind = message.WhichOneof("type")
            if kind == "delta":
                if message.metadata.cacheable:
                    self._kept[message.hash] = message.delta, self._run
                self._take(message, message.delta)
            elif kind == "ref_hash":
                delta = self._kept[message.ref_hash][0]
                self._kept[message.ref_hash] = delta, self._run
                self._take(message, delta)
            elif kind == "new_session":
                self._page = message.new_session.page_script_hash
            elif kind == "page_info_changed":
                self.query = message.page_info_changed.query_string
            elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    raise VisitFailed("The script could not be compiled.")
                return

    def _take(self, message: ForwardMsg, delta: Delta) -> None:
        new = getattr(delta, delta.WhichOneof("type"))
        if new.DESCRIPTOR.name == "Transient":
            return  # a spinner, drawn beside the page
        kind = new.WhichOneof("type")
        content = getattr(new, kind) if kind else new
        self.shown[tuple(message.metadata.delta_path)] = Shown(content, delta.fragment_id, self._run)

    def _errors(self) -> Iterator[str]:
        for one in self.shown.values():
            name = one.content.DESCRIPTOR.name
            if name == "Exception":
                yield f"{one.content.type} {one.content.message}"
            elif name == "Alert" and one.content.format == Alert.ERROR:
                yield one.content.body


def _key(content: Any) -> str:
    """The key that our code gave a widget, at the end of Streamlit's own id; of a component, whose id has none, its name."""
    if name := getattr(content, "component_name", ""):
        return name
    return getattr(content, "id", "").removeprefix("$$ID-").partition("-")[2]


def drawn(visitor: Visitor) -> dict[str, Any]:
    """What the map component of the page was given, as its own JSON."""
    return json.loads(visitor.find(MAP).content.json_args)
