"""Collects the licence texts of everything that ships: `python setup/licences.py`.

One file per library in resources/licences/, made from the metadata of the installed
distributions that the product needs, directly or through another. Data and fonts have their
texts there too, written by hand (data-*.txt); this script leaves those alone.
"""

from __future__ import annotations

import re
import sys
import sysconfig
import tomllib
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "resources" / "licences"
LICENCE_FILE = re.compile(
    r"(^|/)(LICEN[CS]E|COPYING|NOTICE|COPYRIGHT|AUTHORS|ThirdParty)", re.IGNORECASE
)
LIMIT = 400_000


def product() -> dict[str, metadata.Distribution]:
    """Distributions that the product needs, by normal name."""
    from packaging.requirements import Requirement

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found: dict[str, metadata.Distribution] = {}
    waiting = list(project["dependencies"])
    while waiting:
        need = Requirement(waiting.pop())
        key = re.sub(r"[-_.]+", "-", need.name).lower()
        if key in found or (need.marker and not need.marker.evaluate({"extra": ""})):
            continue
        found[key] = metadata.distribution(need.name)
        waiting += found[key].requires or []
    return dict(sorted(found.items()))


def licence_of(distribution: metadata.Distribution) -> str:
    """The licence in a few words, from the metadata."""
    facts = distribution.metadata
    classes = [
        c.rpartition("::")[2].strip()
        for c in facts.get_all("Classifier") or []
        if c.startswith("License")
    ]
    stated = (facts.get("License-Expression") or facts.get("License") or "").strip()
    # Some put the whole text into the field.
    return stated if stated and "\n" not in stated else "; ".join(classes) or "see text"


def text_of(distribution: metadata.Distribution) -> str:
    """Name, version, licence and home of a library, then its licence files."""
    facts = distribution.metadata
    links = [facts.get("Home-page") or "", *(facts.get_all("Project-URL") or [])]
    head = [
        f"{facts['Name']} {distribution.version}",
        f"Licence: {licence_of(distribution)}",
        f"Source: {next((link for link in links if link), '')}",
    ]
    parts = ["\n".join(head)]
    seen: set[str] = set()
    for file in distribution.files or []:
        path = Path(str(file.locate()))
        if not _is_licence(str(file)) or path.suffix == ".py" or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace").strip()
        if text not in seen and len(text) < LIMIT:
            seen.add(text)
            parts.append(f"----- {path.name} -----\n{text}")
    return "\n\n".join(parts) + "\n"


def _is_licence(name: str) -> bool:
    """True for licence files of the metadata and for those at the top of a package."""
    inside = name.partition(".dist-info/")[2]
    return bool(LICENCE_FILE.search(inside if inside else name)) and (
        bool(inside) or name.count("/") == 1
    )


def python_text() -> str:
    """The licence of Python itself, which the frozen program carries."""
    for path in (
        Path(sysconfig.get_path("stdlib")) / "LICENSE.txt",
        Path("/usr/share/doc/python3/copyright"),
    ):
        if path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            return f"Python {sys.version.split()[0]}\nLicence: PSF-2.0\nSource: https://www.python.org\n\n{text}"
    raise SystemExit("the licence of Python was not found")


def main() -> None:
    """Write one file per library; remove those of libraries that are gone."""
    from genstudio.core import files

    made = {f"{name}.txt": text_of(found) for name, found in product().items()}
    made["python.txt"] = python_text()
    for old in TARGET.glob("*.txt"):
        if old.name not in made and not old.name.startswith(("data-", "font-", "text-")):
            files.remove(old)
    for name, text in made.items():
        files.write_text(TARGET / name, text)
    print(f"{len(made)} licence files in {TARGET}")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
