"""`make audit`: are there advisories against what the dashboard needs to run, and under which licences does that stand?

It ends with 0 only when every package was looked up and nothing was found, with 1 when something was found, and with 2 when the
advisories could not be asked. pip-audit alone is not enough for that: a machine that cannot reach them, or a mirror that knows
no advisories, can look like "no known vulnerabilities". So one more package goes into the same run, a control of which advisories
are certain; when it comes back without any, nothing was checked.

Advisories go by the names of Python packages. A library of C or C++ that a wheel brings along has a name and a version of its own,
which no wheel states: those are named, and a person looks them up.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]

CONTROL = ("django", "1.11")
"""Never installed and none of ours. Dozens of advisories name it, so an answer that names none is no answer."""

ALLOWED = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-CMU", "MPL-2.0", "OFL-1.1",
    "PSF-2.0", "Zlib",
}  # fmt: skip
"""Licences (SPDX) that let anybody run, change and pass on the dashboard, whole and under its own MIT licence. OFL-1.1 is of fonts alone."""

SAME_AS = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",  # of two or three clauses, which the classifier does not tell; both are allowed
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "SIL Open Font License 1.1 (OFL-1.1)": "OFL-1.1",
}
"""What packages write in place of an SPDX name."""

READ = {("streamlit-folium", "0.27.4"): "MIT", ("xstatic-leaflet", "1.9.3.0"): "BSD-2-Clause"}
"""Packages that do not name their licence: it was read in the repository of streamlit-folium and of Leaflet. Another version
has to be read again."""


COMPILED_IN = {
    "duckdb": ("Brotli", "lz4", "Snappy", "zlib (miniz)", "zstd", "Thrift", "mbed TLS"),
    "pyarrow": ("Brotli", "bzip2", "lz4", "Snappy", "zlib", "zstd", "Thrift", "utf8proc", "RE2"),
}
"""Libraries that are compiled into a package without a file of their own, as its repository lists them. Brotli up to 1.2.0 writes out of
bounds (CVE-2026-111497; mended in 1.0.10, 1.1.1 and 1.2.1): no Parquet file that is packed with it is read here."""

_LIBRARY = re.compile(r"lib[\w+-]+?(?=-[0-9a-f]{8,}|[.]so|[.]dylib|[.]dll|-\d|[.]\d)")


class NotChecked(RuntimeError):
    """The advisories of at least one package could not be asked; the message says why."""


@dataclass(frozen=True)
class Package:
    """One package that is needed to run. licence: an SPDX expression, or what stands there, or blank; native: libraries it brings."""

    name: str
    version: str
    licence: str
    native: tuple[str, ...] = ()


@dataclass
class Findings:
    """advisories: lines of what pip-audit knows. licences: lines of what is not allowed or not stated. unchecked: why not, or blank."""

    advisories: list[str] = field(default_factory=list)
    licences: list[str] = field(default_factory=list)
    unchecked: str = ""

    def exit_code(self) -> int:
        """0 nothing found in everything, 1 something found, 2 nothing found but not everything looked up."""
        return 1 if self.advisories or self.licences else 2 if self.unchecked else 0


def needed(lines: Iterable[str], find: Callable[[str], Distribution] = distribution) -> list[Package]:
    """The packages that a list of requirements asks for on this Python, with all that those ask for in turn, by name.

    A requirement that is not installed raises PackageNotFoundError: an audit of half a list would be no audit.
    """
    todo = [Requirement(text) for line in lines if (text := line.partition("#")[0].strip())]
    found: dict[str, Distribution] = {}
    done: set[tuple[str, str]] = set()
    while todo:
        requirement = todo.pop()
        name = canonicalize_name(requirement.name)
        for extra in {"", *requirement.extras}:
            if (name, extra) in done or not _applies(requirement, ""):
                continue
            done.add((name, extra))
            found[name] = find(requirement.name)
            query = [Requirement(text) for text in found[name].requires or []]
            todo += [_settled(one) for one in query if _applies(one, extra)]
    return [Package(name, found[name].version, licence(found[name]), native(found[name])) for name in sorted(found)]


def native(package: Distribution) -> tuple[str, ...]:
    """The libraries of C, C++ or Fortran that a package brings along: those with a file of their own, and those known to be within."""
    files = [path.name for path in package.files or [] if re.search(r"[.](so|dylib|dll)([.]|$)", path.name)]
    own = {found[0] for name in files if (found := _LIBRARY.match(name))}
    within = COMPILED_IN.get(canonicalize_name(package.metadata["Name"]), ())
    return (*sorted(own), *within)


def _applies(requirement: Requirement, extra: str) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


def _settled(requirement: Requirement) -> Requirement:
    requirement.marker = None  # it was looked at together with the extra that asked for it
    return requirement


def licence(package: Distribution) -> str:
    """The licence that a package states: its SPDX expression, else its classifier, else its one-line field; else as was read."""
    text = package.metadata
    stated = text.get("License-Expression")
    if not stated:
        classifiers = [
            line.rpartition("::")[2].strip() for line in text.get_all("Classifier") or [] if line.startswith("License ::")
        ]
        lines = (text.get("License") or "").strip().splitlines()
        stated = " AND ".join(SAME_AS.get(one, one) for one in classifiers) or (lines[0] if len(lines) == 1 else "")
    name = canonicalize_name(text["Name"])
    return READ.get((name, package.version)) or SAME_AS.get(stated, stated)


def unlicensed(packages: Iterable[Package]) -> list[str]:
    """A line for each package whose licence is not among those allowed, or not stated. Of a choice, one that is allowed is enough."""
    return [
        f"{one.name} {one.version}: {f'licence {one.licence}' if one.licence else 'names no licence; read it, and add it to READ'}"
        for one in packages
        if not allowed(one.licence)
    ]


def allowed(expression: str) -> bool:
    """Whether every part of an SPDX expression is allowed.

    >>> allowed("Apache-2.0 OR GPL-3.0-only"), allowed("MIT AND GPL-3.0-only"), allowed(""), allowed("MIT AND (Zlib OR Foo)")
    (True, False, False, False)

    Brackets are not taken apart but refused: a person reads them.
    """
    if "(" in expression:
        return False
    choices = [[part.strip() for part in choice.split(" AND ")] for choice in expression.split(" OR ")]
    return any(all(part in ALLOWED for part in choice) for choice in choices)


def ask_pip_audit(packages: list[Package]) -> tuple[int, str, str]:
    """What pip-audit answers on exactly these packages and the control: exit code, stdout (JSON), stderr."""
    pins = [f"{name}=={version}\n" for name, version in [*((one.name, one.version) for one in packages), CONTROL]]
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "pinned.txt"
        listed.write_text("".join(pins), encoding="utf-8")
        options = ["--strict", "--no-deps", "--disable-pip", "--progress-spinner", "off", "--format", "json", "--requirement"]
        done = subprocess.run([sys.executable, "-m", "pip_audit", *options, str(listed)], capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def advisories(packages: list[Package], code: int, answer: str, message: str) -> list[str]:
    """A line for each advisory against a package, from an answer of `ask_pip_audit`.

    Raises NotChecked unless each package was looked up in this very version, and the control came back with what is known of it.
    """
    last = message.strip().splitlines()[-1] if message.strip() else f"pip-audit ended with {code}"
    try:
        entries = json.loads(answer)["dependencies"]
        known = {(canonicalize_name(one["name"]), one["version"]): one["vulns"] for one in entries if "skip_reason" not in one}
    except (ValueError, KeyError, TypeError):
        raise NotChecked(last) from None
    missing = [f"{one.name} {one.version}" for one in packages if (one.name, one.version) not in known]
    if missing:
        raise NotChecked("not looked up: " + ", ".join(missing))
    if not known.get(CONTROL):
        raise NotChecked(f"{' '.join(CONTROL)} came back without the advisories that it has; who answered knows none")
    return [
        f"{one.name} {one.version}: {entry['id']}{_cure(entry)}" for one in packages for entry in known[one.name, one.version]
    ]


def _cure(entry: dict) -> str:
    versions = entry.get("fix_versions") or []
    return f", mended in {', '.join(versions)}" if versions else ", not mended yet"


def audit(packages: list[Package], ask: Callable[[list[Package]], tuple[int, str, str]] = ask_pip_audit) -> Findings:
    """What is to be said of these packages: their advisories, or why those could not be asked, and their licences."""
    findings = Findings(licences=unlicensed(packages))
    if not packages:
        findings.unchecked = "there is no package to look up"
        return findings
    try:
        findings.advisories = advisories(packages, *ask(packages))
    except NotChecked as reason:
        findings.unchecked = re.sub(r"^(ERROR|WARNING):[\w.]+:", "", str(reason))
    return findings


def report_text(packages: list[Package], findings: Findings) -> str:
    """The findings as lines for a person; the last one is the verdict."""
    counted = f"{len(packages)} packages are needed to run."
    lines = [counted, *(f"ADVISORY {line}" for line in findings.advisories), *(f"LICENCE {line}" for line in findings.licences)]
    lines += [f"NOT CHECKED {one.name} {one.version} brings {', '.join(one.native)}" for one in packages if one.native]
    if not findings.licences:
        lines.append("Licences: each package names one that is allowed.")
    if findings.unchecked:
        lines.append(f"NOT CHECKED: the advisories could not be asked ({findings.unchecked}). Nothing is known about them.")
    elif not findings.advisories:
        lines.append("Advisories: every package was looked up, none is known.")
    return "\n".join(lines)


def main() -> int:
    """Audit what requirements.txt needs here, and print it."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    try:
        packages = needed((ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines())
    except PackageNotFoundError as absent:
        print(f"NOT CHECKED: {absent.name} is not installed. Run `make audit`.")
        return 2
    findings = audit(packages)
    print(report_text(packages, findings))
    return findings.exit_code()


if __name__ == "__main__":
    sys.exit(main())
