"""Every script of tools/ starts, and says how it is used."""

from __future__ import annotations

import re
import runpy
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in (ROOT / "tools").rglob("*.py")
    if {"ArgumentParser", "__main__"} <= set(re.findall(r"\w+", path.read_text(encoding="utf-8")))
)


@pytest.mark.filterwarnings("ignore:.*found in sys.modules:RuntimeWarning")
@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_starts_as_a_module_and_says_how_it_is_used(script, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", [script, "--help"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module(script, run_name="__main__")
    assert ended.value.code == 0 and "usage:" in capsys.readouterr().out


def test_scripts_are_found():
    assert {"tools.audit", "tools.bench.run", "tools.docs.screenshot", "tools.synthetic.records"} <= set(SCRIPTS)
