"""Which pages may show the dashboard in a frame, as headers of every answer of its server."""

from __future__ import annotations

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from incident_atlas.i18n import _

FRAME_ANCESTORS = "ATLAS_FRAME_ANCESTORS"
"""The environment variable that names the sites, with a space between."""

_SITE = re.compile(r"https?://(\*\.)?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?")


def frame_headers(sites: str) -> dict[str, str]:
    """The headers that let these sites, and no other, show the dashboard in a frame; raises `ValueError` for what is no site.

    The map stands in a frame of the dashboard's own address, so 'self' is always allowed. X-Frame-Options cannot name a site and is sent
    only where none is named, for browsers that do not know the policy.

    >>> frame_headers("https://news.example.org")
    {'Content-Security-Policy': "frame-ancestors 'self' https://news.example.org"}
    """
    named = sites.split()
    for site in named:
        if not _SITE.fullmatch(site):
            message = _("{setting}: {site!r} is no site. Write each as https://news.example.org, with nothing behind it.")
            raise ValueError(message.format(setting=FRAME_ANCESTORS, site=site))
    policy = {"Content-Security-Policy": " ".join(["frame-ancestors 'self'", *named])}
    return policy if named else policy | {"X-Frame-Options": "SAMEORIGIN"}


class AddHeaders:
    """ASGI middleware that adds the same headers to every answer."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        await self._app(scope, receive, send_with_headers)
