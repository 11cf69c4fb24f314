"""What was noticed while data were looked through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from genstudio.core.dataset import Finding
from genstudio.core.errors import BadInput
from genstudio.core.events import Log
from genstudio.media.reading import printable

MAX_FINDINGS = 1000
_MOST_PERSONAL = 50
"""Places listed for one sort of personal data; the rest is only counted."""
_MOST_OF_FILE = 3
BROKEN, SMALL, EMPTY, TYPE = "broken", "too small", "empty", "wrong type"
COPY, NEAR = "duplicate", "near-duplicate"


class Unfit(BadInput):
    """A file that is read and still left out; `why` is one of the words above."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(what)
        self.why = why


@dataclass
class Findings:
    """What was noticed; past the limit only counted, so a bad folder cannot fill the memory.

    `skipped_by` counts files left out by reason, `personal` places that look like personal data,
    `near` pictures that look like an earlier one.
    """

    kept: list[Finding] = field(default_factory=list)
    skipped: int = 0
    near: int = 0
    skipped_by: Counter[str] = field(default_factory=Counter)
    personal: Counter[str] = field(default_factory=Counter)
    more: Counter[str] = field(default_factory=Counter)
    _listed: Counter[str] = field(default_factory=Counter)

    def skip(self, name: str, reason: str, why: str = BROKEN) -> Log:
        """A file that is left out."""
        self.skipped += 1
        self.skipped_by[why] += 1
        return self._add("skipped", reason, why, name)

    def leave_out(self, name: str, error: BadInput) -> Log:
        """A file that is left out because of `error`."""
        said = reason(error, name)
        # Sources say so before anybody looks inside.
        sort = EMPTY if said.startswith("is empty") else BROKEN
        return self.skip(name, said, getattr(error, "why", sort))

    def warn(self, what: str) -> Log:
        """A doubt about the data as a whole."""
        return self._add("warning", what)

    def note(self, what: str, why: str = "", name: str = "") -> Log:
        """A fact worth knowing."""
        return self._add("info", what, why, name)

    def suspect(self, name: str, found: Iterable[tuple[str, str]]) -> Iterator[Log]:
        """Places (why, masked words) in or about one file that look like personal data.

        A few of each sort are listed for one file, and some files for each sort.
        """
        listed: dict[str, set[str]] = {}
        for why, words in found:
            self.personal[why] += 1
            mine = listed.setdefault(why, set())
            new = words not in mine and len(mine) < _MOST_OF_FILE
            if new and self._listed[why] < _MOST_PERSONAL:
                mine.add(words)
                self._listed[why] += 1
                what = f"looks like a {why}: {words}" if words else f"holds the {why}"
                yield self._add("personal", what, why, name)

    def all(self) -> tuple[Finding, ...]:
        """What goes into dataset.json."""
        unlisted = {why: count - self._listed[why] for why, count in self.personal.items()}
        rest = [
            Finding(level="personal", why=why, what=f"and {count:,} more that look like a {why}")
            for why, count in unlisted.items()
            if count > 0
        ]
        rest += [
            Finding(level=level, what=f"and {count:,} more like these")  # type: ignore[arg-type]
            for level, count in self.more.items()
        ]
        return (*self.kept, *rest)

    def _add(
        self,
        level: Literal["info", "warning", "skipped", "personal"],
        what: str,
        why: str = "",
        name: str = "",
    ) -> Log:
        finding = Finding(level=level, why=why, file=printable(name)[:400], what=printable(what))
        if len(self.kept) < MAX_FINDINGS:
            self.kept.append(finding)
        else:
            self.more[level] += 1
        text = f"{finding.file}: {finding.what}" if finding.file else finding.what
        return Log(level="info" if level == "info" else "warning", text=text)


def reason(error: BadInput, name: str) -> str:
    """What is wrong with a file, without its name in front."""
    text = error.problem.what
    for subject in (printable(name), printable(name.rpartition("/")[2]), "the picture"):
        text = text.removeprefix(subject).strip()
    return text
