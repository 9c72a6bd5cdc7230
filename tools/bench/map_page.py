"""A rerun of the Map page or of the yardstick: seconds, bytes sent and memory; and how fast a record is loaded."""

from __future__ import annotations

import os
from datetime import timedelta
from statistics import median

import pandas as pd

from incident_atlas.dataset.load import load
from tools.bench.measure import (
    choose_dates,
    peak_memory,
    processor_seconds,
    raise_on_exception,
    resident_memory,
    silence_warnings,
)


def page(script: str, record: str, runs: str) -> dict[str, float]:
    """Seconds of a rerun with the dates changed and unchanged (medians), most bytes of one, and megabytes of memory.

    sent: all messages of a rerun. new: those of them that the browser does not hold already.
    """
    os.environ["INCIDENTS_SOURCE"] = record
    silence_warnings()
    from streamlit import get_option
    from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
    from streamlit.testing.v1 import AppTest

    sent: list[int] = []
    new: list[int] = []
    held: set[str] = set()
    enqueue = ForwardMsgQueue.enqueue

    def counted(queue: ForwardMsgQueue, message) -> None:
        enqueue(queue, message)
        size = message.ByteSize()
        sent.append(size)
        # The browser keeps large messages, and is sent only their name when they come again.
        if size < get_option("global.minCachedMessageSize"):
            new.append(size)
        elif message.hash not in held:
            held.add(message.hash)
            new.append(size)

    ForwardMsgQueue.enqueue = counted
    shown = AppTest.from_file(script, default_timeout=3600)
    shown.run()
    raise_on_exception(shown)
    loaded = resident_memory()
    first, last = shown.slider[0].value
    step = (last - first) / 1000
    changed, same, most, most_new = [], [], 0, 0
    # One more than asked, and the first does not count: it builds what is kept for all later ones.
    for number in range(1, int(runs) + 2):
        choose_dates(shown, first + number * step, last - number * timedelta(days=2))
        sent.clear()
        new.clear()
        changed.append(processor_seconds(shown.run))
        most, most_new = max(most, sum(sent)), max(most_new, sum(new))
        same.append(processor_seconds(shown.run))
        raise_on_exception(shown)
    peak = peak_memory()
    times = {"changed": median(changed[1:]), "same": median(same[1:])}
    return {**times, "sent": most, "new": most_new, "loaded": loaded, "after": resident_memory(), "peak": peak}


def loading(record: str) -> dict[str, float]:
    """Seconds to load a record, and to read the same file with pandas, everything as text."""
    seconds = processor_seconds(lambda: pd.read_csv(record, dtype="str"))
    return {"read_csv": seconds, "load": processor_seconds(lambda: load(record))}
