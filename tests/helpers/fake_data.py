"""A dataset made up in memory, and what answers `browse`, `edit_dataset`, `augment_preview`."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from genstudio.core import files
from genstudio.core.dataset import DataFacts, Dataset
from genstudio.core.errors import BadInput, GenStudioError
from genstudio.core.events import Event, Preview
from genstudio.core.paths import Home

FIELDS = ("caption", "class", "excluded")


def row(number: int, **changes: Any) -> dict[str, Any]:
    """One entry of a page."""
    made = {
        "row": number,
        "name": f"{number:03d}.png",
        "caption": "",
        "class": "",
        "split": "valid" if number < 2 else "train",
        "excluded": False,
        "width": 16,
        "height": 16,
        "length": 0,
        "excerpt": "",
    }
    return made | changes


def keep(home: Home, name: str, count: int = 10, **changes: Any) -> Dataset:
    """Write a `dataset.json` on the shelf; nothing lies beside it."""
    facts = {"count": count, "size": 16, "channels": 3} | changes.pop("facts", {})
    values = {"title": name.capitalize(), "facts": DataFacts(**facts), "valid_count": 2} | changes
    dataset = Dataset(name=name, **values)
    files.write_bytes(home.datasets / name / "dataset.json", dataset.to_bytes())
    return dataset


class FakeAsker:
    """Answers as the files worker does; `rows[name]` are the datasets.

    `asked` lists (work, body). `refuse` is raised by the next answer. While `gate` is cleared,
    answers wait.
    """

    def __init__(self, picture: Callable[[int], bytes] | None = None) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.refuse: Exception | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.stopped = 0
        self.closed = False
        self._picture = picture or _picture

    def ask(
        self,
        work: str,
        body: Mapping[str, Any],
        hear: Callable[[Event], object] = lambda event: None,
    ) -> dict[str, Any]:
        self.asked.append((work, dict(body)))
        assert self.gate.wait(20), "nobody opened the gate"
        if self.refuse:
            refuse, self.refuse = self.refuse, None
            raise refuse
        return getattr(self, f"_{work}")(body, hear)

    def stop(self) -> None:
        self.stopped += 1

    def close(self) -> None:
        self.closed = True

    def works(self, work: str) -> list[dict[str, Any]]:
        """The bodies of all questions of one sort."""
        return [body for name, body in self.asked if name == work]

    def describe(self, path: Path) -> object:
        raise GenStudioError(f"{path} is not looked at here")

    def _browse(self, body: Mapping[str, Any], hear: Callable[[Event], object]) -> dict[str, Any]:
        if body["name"] not in self.rows:
            raise BadInput(f"There is no dataset {body['name']}")
        found = [r for r in self.rows[body["name"]] if _fits(r, body)]
        page = found[body["first"] : body["first"] + body["count"]]
        for place, entry in enumerate(page):
            if body["side"] and not entry["excerpt"]:
                hear(_preview(place, self._picture(entry["row"])))
        return {
            "total": len(found),
            "rows": [dict(entry) for entry in page],
            "all_classes": self._classes(body["name"]),
        }

    def _edit_dataset(self, body: Mapping[str, Any], hear: object) -> dict[str, Any]:
        rows = {entry["row"]: entry for entry in self.rows[body["name"]]}
        back = []
        for edit in body["edits"]:
            entry = rows[edit["row"]]
            old = {field: entry[field] for field in FIELDS if field in edit}
            back.append({"row": edit["row"], **old})
            entry.update({field: edit[field] for field in FIELDS if field in edit})
        rest = {key: "" for key in body if key not in ("name", "edits")}
        undo = {"name": body["name"], "edits": back, **rest}
        return {"name": body["name"], "undo": undo, "all_classes": self._classes(body["name"])}

    def _classes(self, name: str) -> list[str]:
        return sorted({entry["class"] for entry in self.rows[name]} - {""})

    def _augment_preview(
        self, body: Mapping[str, Any], hear: Callable[[Event], object]
    ) -> dict[str, Any]:
        for index in range(len(body["rows"]) * body["count"]):
            hear(_preview(index, self._picture(index)))
        return {}


def _fits(entry: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    which = body["which"]
    if which == "excluded" and not entry["excluded"]:
        return False
    if which in ("train", "valid", "test") and (entry["excluded"] or entry["split"] != which):
        return False
    words = f"{entry['name']} {entry['caption']}"
    return body["text"] in words and body["class"] in ("", entry["class"])


def _picture(number: int) -> bytes:
    from tests.helpers.fake_studio import png

    return png(8, f"#{40 + number * 7 % 200:02x}6699")


def _preview(index: int, data: bytes) -> Preview:
    return Preview(index=index, data=base64.b64encode(data).decode())
