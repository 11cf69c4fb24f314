"""The report before a drop is added, and thousands of files with some broken."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import numpy as np
import pytest

from genstudio.core.errors import BadInput
from genstudio.core.events import Done, Log, Preview, Progress, to_line
from genstudio.core.paths import Home
from genstudio.datasets import check, ingest, store
from genstudio.datasets.gather import Wishes
from genstudio.media import image
from tests.datasets.folders import class_folders, facts, fill, npz, png
from tests.helpers.making import picture


def test_the_report_says_all_that_adding_would_do(tmp_path: Path) -> None:
    source = class_folders(tmp_path / "Meine Bilder", {"cat": 9, "dog": 4})
    fill(source, {"cat/bad.png": b"x", "dog/small.png": image.png(picture(4, 4)), "film.mov": b"m"})
    fill(source, {"cat/0000.txt": b"a cat", "cat/empty.png": b""})
    events = list(check.report([source]))
    found = facts(events)
    told = {
        "kind": "image", "count": 13, "valid_count": 1, "test_count": 0, "size": 20, "channels": 3,
        "classes": ["cat", "dog"], "class_counts": {"cat": 9, "dog": 4}, "captions": 1,
        "skipped": 4, "skipped_by": {"wrong type": 1, "broken": 1, "empty": 1, "too small": 1},
        "near": 0, "personal": {}, "known": "", "licence": "", "attribution": "", "columns": [],
        "column": "",
        "suggested_name": "meine-bilder", "suggested_title": "Meine bilder",
    }  # fmt: skip
    assert {key: found[key] for key in told} == told
    assert found["bytes"] == sum(p.stat().st_size for p in source.rglob("*") if p.is_file())
    assert {f["why"] for f in found["findings"] if f["level"] == "skipped"} == set(
        told["skipped_by"]
    )
    assert len(found["examples"]) == check.EXAMPLES
    assert set(found["examples"][0]) == {"name", "caption", "class", "excerpt"}
    assert any(example["caption"] == "a cat" for example in found["examples"])
    json.dumps(found)


def test_previews_are_the_first_pictures_made_small(tmp_path: Path) -> None:
    contents = {f"{n}.png": image.png(picture(200, 100, 3, n)) for n in range(20)}
    events = list(check.report([fill(tmp_path / "data", contents)]))
    previews = [event for event in events if isinstance(event, Preview)]
    assert [preview.index for preview in previews] == list(range(12))
    for preview in previews:
        assert max(image.read(base64.b64decode(preview.data)).shape) == check.SIDE


def test_previews_of_arrays(tmp_path: Path) -> None:
    images = np.random.default_rng(1).integers(0, 256, (5, 20, 20), np.uint8)
    source = fill(tmp_path / "data", {"set.npz": npz(images=images, labels=np.arange(5) % 2)})
    events = list(check.report([source], Wishes(classes=("a", "b"))))
    assert sum(isinstance(event, Preview) for event in events) == 5
    assert facts(events)["class_counts"] == {"a": 3, "b": 2}
    assert facts(events)["examples"][0]["name"] == "#0"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["My Set.tar.gz"], "my-set"),
        (["Bilder 2024.zip"], "bilder-2024"),
        (["a.png", "b.png"], "holiday-pictures"),
        (["stories.jsonl.xz"], "stories"),
        (["名前"], "data"),
    ],
)
def test_suggested_names(tmp_path: Path, names: list[str], expected: str) -> None:
    assert (
        check.suggested_name([tmp_path / "Holiday pictures" / name for name in names]) == expected
    )


def test_nothing_usable_is_an_error_with_reasons(tmp_path: Path) -> None:
    source = fill(tmp_path / "data", {"a.wav": b"RIFF", "b.wav": b"no"})
    with pytest.raises(BadInput, match=r"no usable sounds were found \(a\.wav: is damaged"):
        list(check.report([source]))


@pytest.mark.parametrize("copy", [False, True])
def test_a_thousand_files_with_one_in_a_hundred_broken(tmp_path: Path, copy: bool) -> None:
    """Every sort of fault among good files; the whole is added, the faults are named."""
    home, count = Home(tmp_path / "home"), 1000
    faults = [b"", b"no picture at all", png(0)[:60], image.png(picture(4, 4)), png(0) + b"\x00"]
    good = {f"{n % 7}/{n:05d}.png": png(n + 1, side=16) for n in range(count)}
    broken = {f"{n % 7}/x{n}.png": faults[n % len(faults)] + b"" for n in range(10)}
    source = fill(tmp_path / "data", good | broken)
    events = list(ingest.add(home, source, "many", copy=copy))
    assert isinstance(events[-1], Done)
    found = events[-1].data
    # The last fault differs from a good picture by a byte behind its end, and reads well.
    assert found["count"] == count + 1
    dataset = store.load(home, "many")
    assert dataset.skipped == 9
    listed = [f for f in dataset.findings if f.level == "skipped"]
    assert {f.why for f in listed} == {"empty", "broken", "too small", "duplicate"}
    assert sum(isinstance(e, Log) and "/x" in e.text for e in events) == 9
    steps = [event.done for event in events if isinstance(event, Progress)]
    assert steps == sorted(steps)
    assert len(store.open_pixels(home.datasets / "many", 16, 3)) == count + 1 - dataset.valid_count
    assert all(len(to_line(event)) < 4_000_000 for event in events)


def test_texts_are_told_by_their_first_words(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("Once upon a time\nthere was a wood. " * 40)
    (tmp_path / "a.md").write_text("A short one.")
    *_, done = check.report([tmp_path])
    told = {example["name"]: example["excerpt"] for example in done.data["examples"]}
    assert told["a.md"] == "A short one."
    assert told["b.txt"].startswith("Once upon a time there was a wood. Once")
    assert len(told["b.txt"]) == check.EXCERPT


def test_rows_are_told_by_their_first_words(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(check, "ROWS_KEPT", 5)
    rows = [f'{{"title": "t{n}", "story": "The story of number {n}."}}' for n in range(9)]
    (tmp_path / "tales.jsonl").write_text("\n".join(rows))
    *_, done = check.report([tmp_path], Wishes(column="story"))
    told = {example["name"]: example["excerpt"] for example in done.data["examples"]}
    assert len(told) == 9
    assert told["tales.jsonl, row 2"] == "The story of number 1."
    assert told["tales.jsonl, row 9"] == "", "only the first rows are kept"
