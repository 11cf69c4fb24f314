"""What the words beside data say about their licence and whom to name: a suggestion, no more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from genstudio.core.errors import BadInput
from genstudio.datasets.sources import Source
from genstudio.media import text
from genstudio.media.reading import printable

_MOST = 64 * 1024
_LENGTH = 300
_FIELD = re.compile(
    r"^[\s>*#_-]*(licen[cs]e|attribution|credits?)[*_]*\s*:[*_]*\s*(\S.*)$", re.IGNORECASE
)
_TEXTS = (
    (r"CC0 1\.0|CC0-1\.0", "CC0 1.0"),
    (r"Attribution-ShareAlike 4\.0", "CC BY-SA 4.0"),
    (r"Attribution-NonCommercial", "CC BY-NC"),
    (r"Attribution 4\.0", "CC BY 4.0"),
    (r"\bMIT License\b", "MIT"),
    (r"Apache License", "Apache-2.0"),
    (r"\bUnlicense\b", "Unlicense"),
)


@dataclass(frozen=True)
class About:
    """ "" where nothing was said; `file` is where it was read."""

    licence: str = ""
    attribution: str = ""
    file: str = ""


def read(source: Source) -> About:
    """Lines such as `License: MIT` of a readme at the top, else the kind of a licence file."""
    top = [name for name in source.names() if name.count("/") <= 1]
    for name in top:
        if PurePosixPath(name).name.lower().startswith("readme"):
            found = _fields(name, _words(source, name))
            if found.licence:
                return found
    for name in top:
        if PurePosixPath(name).name.lower().startswith(("license", "licence", "copying")):
            words = _words(source, name)
            for pattern, licence in _TEXTS:
                if re.search(pattern, words[:4000]):
                    return About(licence=licence, file=printable(name))
    return About()


def _fields(name: str, words: str) -> About:
    told: dict[str, str] = {}
    for line in words.splitlines()[:400]:
        match = _FIELD.match(line[:1000])
        if match:
            value = " ".join(match[2].strip(" *_`\"'").split())
            told.setdefault(match[1].lower()[:3], value[:_LENGTH])
    none = re.compile(r"^(none|not required|-)\b", re.IGNORECASE)
    who = told.get("att") or told.get("cre") or ""
    return About(
        licence=told.get("lic", ""),
        attribution="" if none.match(who) else who,
        file=printable(name),
    )


def _words(source: Source, name: str) -> str:
    if source.size(name) > _MOST:
        return ""
    try:
        return printable(text.decode(source.read(name), name))
    except BadInput:
        return ""
