"""The audit of what is needed to run: it finds what is known, and never calls clean what it could not look up."""

from __future__ import annotations

import json
import subprocess
import sys
from email.message import Message
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tools import audit
from tools.audit import CONTROL, Package, advisories, ask_pip_audit, licence, needed, report_text, unlicensed

OURS = [Package("folium", "0.20.0", "MIT"), Package("numpy", "2.4.6", "BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0")]
KNOWN = {"name": CONTROL[0], "version": CONTROL[1], "vulns": [{"id": "PYSEC-2019-16", "fix_versions": ["1.11.19"]}]}
FOLIUM = {"name": "folium", "version": "0.20.0", "vulns": []}
NUMPY = {"name": "numpy", "version": "2.4.6", "vulns": []}
BAD = {"name": "numpy", "version": "2.4.6", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.4.7"]}, {"id": "PYSEC-2"}]}
SKIPPED = {"name": "numpy", "skip_reason": "Dependency not found on PyPI and could not be audited: numpy (2.4.6)"}
REFUSED = "ERROR:pip_audit._cli:Couldn't connect to the service"


def answer(*entries, code=1, message=""):
    return lambda packages: (code, json.dumps({"dependencies": list(entries), "fixes": []}), message)


def test_nothing_found_in_everything_is_clean():
    findings = audit.audit(OURS, answer(FOLIUM, NUMPY, KNOWN))
    assert findings.exit_code() == 0
    assert report_text(OURS, findings).splitlines()[-1] == "Advisories: every package was looked up, none is known."


def test_an_advisory_is_told_with_the_version_that_mends_it():
    findings = audit.audit(OURS, answer(FOLIUM, BAD, KNOWN))
    assert findings.exit_code() == 1
    assert findings.advisories == ["numpy 2.4.6: PYSEC-1, mended in 2.4.7", "numpy 2.4.6: PYSEC-2, not mended yet"]
    assert "none is known" not in report_text(OURS, findings)


NOTHING_CHECKED = {
    "no network": (lambda packages: (1, "", REFUSED), "Couldn't connect"),
    "no network, and told as success": (lambda packages: (0, "", "No known vulnerabilities found"), "No known vulnerabilities"),
    "no word at all": (lambda packages: (0, "", ""), "ended with 0"),
    "an empty list": (answer(code=0), "folium 0.20.0, numpy 2.4.6"),
    "one package skipped": (answer(FOLIUM, SKIPPED, KNOWN), "numpy 2.4.6"),
    "every package skipped, and the control too": (answer(SKIPPED, code=0), "not looked up"),
    "another version looked up": (answer(FOLIUM, NUMPY | {"version": "2.4.5"}, KNOWN), "numpy 2.4.6"),
    "a mirror without advisories": (answer(FOLIUM, NUMPY, KNOWN | {"vulns": []}, code=0), "knows none"),
    "the control left out": (answer(FOLIUM, NUMPY, code=0), "knows none"),
    "another form of answer": (lambda packages: (0, "[]", ""), "ended with 0"),
}


@pytest.mark.parametrize("case", NOTHING_CHECKED)
def test_what_could_not_be_looked_up_is_never_called_clean(case):
    ask, reason = NOTHING_CHECKED[case]
    findings = audit.audit(OURS, ask)
    last = report_text(OURS, findings).splitlines()[-1]
    assert findings.exit_code() == 2 and reason in last
    assert last.startswith("NOT CHECKED: the advisories could not be asked") and "none is known" not in last


def test_no_packages_are_nothing_checked():
    assert audit.audit([], answer(KNOWN)).exit_code() == 2


def test_every_package_is_asked_about_and_nothing_is_installed_for_it(monkeypatch):
    query = []

    def run(command, **options):
        query.append((command, open(command[-1], encoding="utf-8").read()))
        return subprocess.CompletedProcess(command, 1, "{}", REFUSED)

    monkeypatch.setattr(subprocess, "run", run)
    assert ask_pip_audit(OURS) == (1, "{}", REFUSED)
    command, listed = query[0]
    assert listed.splitlines() == ["folium==0.20.0", "numpy==2.4.6", "==".join(CONTROL)]
    assert {"--strict", "--no-deps", "--disable-pip"} <= set(command) and command[0] == sys.executable


def test_without_pip_audit_nothing_is_checked():
    with pytest.raises(audit.NotChecked, match="No module named pip_audit"):
        advisories(OURS, 1, "", "/usr/bin/python: No module named pip_audit\n")


class Distribution:
    """A package as importlib.metadata gives it."""

    def __init__(self, name, version="1", requires=(), **fields):
        self.version, self.requires, self.metadata, self.files = version, list(requires), Message(), []
        self.metadata["Name"] = name
        for key, value in fields.items():
            self.metadata[key.replace("_", "-")] = value


@pytest.mark.parametrize(
    ("package", "stated"),
    [
        (
            Distribution("a", License_Expression="Apache-2.0 OR BSD-2-Clause", License="something else"),
            "Apache-2.0 OR BSD-2-Clause",
        ),
        (Distribution("a", Classifier="License :: OSI Approved :: MIT License", License="whole text\nof it"), "MIT"),
        (Distribution("a", License="Apache License 2.0"), "Apache-2.0"),
        (Distribution("a", License="Copyright (c) somebody\nwhole text"), ""),
        (Distribution("a"), ""),
        (Distribution("streamlit_folium", "0.27.4"), "MIT"),
        (Distribution("streamlit_folium", "0.27.5"), ""),
        (
            Distribution("a", Classifier="License :: OSI Approved :: GNU Affero General Public License v3"),
            "GNU Affero General Public License v3",
        ),
    ],
)
def test_a_licence_is_what_the_package_states_or_what_was_read_of_this_version(package, stated):
    assert licence(package) == stated


@pytest.mark.parametrize("stated", ["", "GPL-3.0-only", "MIT AND AGPL-3.0-only", "GPL-3.0-only AND (MIT OR MIT OR MIT)"])
def test_a_licence_that_is_not_allowed_or_not_stated_is_told_even_when_no_advisory_could_be_asked(stated):
    packages = [*OURS, Package("odd", "1", stated)]
    findings = audit.audit(packages, NOTHING_CHECKED["no network"][0])
    assert [line.split(":")[0] for line in findings.licences] == ["odd 1"] and findings.exit_code() == 1
    assert "NOT CHECKED" in report_text(packages, findings) and "LICENCE odd 1" in report_text(packages, findings)


def test_what_is_needed_is_what_the_list_asks_for_and_all_that_that_asks_for():
    there = {
        "top": Distribution("top", requires=["Middle_One>=1", "never ; python_version < '3'", "extra-only ; extra == 'more'"]),
        "Middle_One": Distribution("Middle_One", requires=["top", "deep[more]"]),
        "deep": Distribution("deep", requires=["wanted ; extra == 'more'", "unwanted ; extra == 'less'"]),
        "wanted": Distribution("wanted"),
    }
    packages = needed(["# a comment", "", "top>=1  # why"], there.__getitem__)
    assert [one.name for one in packages] == ["deep", "middle-one", "top", "wanted"]


def test_native_libraries_that_a_package_brings_are_named_and_change_no_verdict():
    package = Distribution("pyarrow", "26")
    package.files = [
        Path(name)
        for name in ("pyarrow/libarrow.so.2600", "pyarrow/lib.cpython-311-x86_64-linux-gnu.so", "x.libs/libgeos-8e6a94a0.so.3")
    ]
    names = audit.native(package)
    assert names[:2] == ("libarrow", "libgeos") and "Brotli" in names and audit.native(Distribution("plain")) == ()
    packages = [*OURS, Package("pyarrow", "26", "Apache-2.0", names)]
    findings = audit.audit(packages, answer(FOLIUM, NUMPY, {"name": "pyarrow", "version": "26", "vulns": []}, KNOWN))
    assert findings.exit_code() == 0
    assert "NOT CHECKED pyarrow 26 brings libarrow, libgeos, Brotli" in report_text(packages, findings)


def test_a_package_that_is_not_installed_is_no_package_passed_over():
    with pytest.raises(PackageNotFoundError):
        needed(["no-such-package-is-installed"])


def test_what_the_dashboard_needs_stands_under_licences_that_are_allowed():
    lines = (audit.ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    packages = needed(lines)
    listed = {Requirement(line.partition("#")[0]).name.lower() for line in lines if line.partition("#")[0].strip()}
    assert listed <= {one.name for one in packages} and len(packages) > len(listed)
    assert unlicensed(packages) == [] and CONTROL[0] not in {one.name for one in packages}
