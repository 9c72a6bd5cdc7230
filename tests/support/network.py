"""The closed network: in a process that called `close`, only this machine can be reached.

Names are refused as well as addresses: to ask a name server is already to tell somebody. Every attempt is written to
stderr with the word REFUSED, so that the log of a server that runs apart can be searched for it.
"""

from __future__ import annotations

import socket
import sys
from typing import Any

REFUSED = "REFUSED by the closed network"
_LOCAL = {"localhost", "127.0.0.1", "::1", "0.0.0.0", "::", ""}


class NetworkClosed(OSError):
    """Something tried to reach another machine. An OSError, so that code prepared for a lost network is tested as such."""


def is_here(host: Any) -> bool:
    """Whether a host, as sockets or addresses of pages name it, is this machine; None is the host of an empty address."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    return name is None or (isinstance(name, str) and (name.lower().strip("[]") in _LOCAL or name.startswith("127.")))


def close() -> None:
    """Refuse every connection, datagram and name look-up that leaves this machine, for the life of the process."""
    if getattr(socket, "_closed_network", False):
        return
    socket._closed_network = True  # type: ignore[attr-defined]

    for method, position in (("connect", 0), ("connect_ex", 0), ("sendto", -1)):
        setattr(socket.socket, method, _guarded(getattr(socket.socket, method), position))
    open_lookup = socket.getaddrinfo

    def getaddrinfo(host: Any, *rest: Any, **named: Any) -> Any:
        if not is_here(host):
            _refuse(host)
        return open_lookup(host, *rest, **named)

    socket.getaddrinfo = getaddrinfo


def _guarded(method: Any, position: int) -> Any:
    """The method of a socket, with a look at the address among its arguments first."""

    def guarded(self: socket.socket, *arguments: Any) -> Any:
        address = arguments[position]
        if self.family in (socket.AF_INET, socket.AF_INET6) and not is_here(address[0]):
            _refuse(address)
        return method(self, *arguments)

    return guarded


def _refuse(target: Any) -> None:
    print(f"{REFUSED}: {target!r}", file=sys.stderr, flush=True)
    raise NetworkClosed(f"{REFUSED}: {target!r}. Tests and the page itself reach nothing but this machine.")


if __name__ == "__main__":
    # `python -m tests.support.network run app.py ...` is `python -m streamlit run app.py ...` with the network closed.
    close()
    from streamlit.web.cli import main

    main(prog_name="streamlit")
