"""The generate role on a text package written by hand: words, files, stops, series."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from genstudio.core.artifact import UNFINISHED, Provenance
from genstudio.core.events import Done, Progress, Result, Words
from genstudio.core.job import Message
from genstudio.core.paths import Home
from genstudio.core.request import Request
from genstudio.core.writing import RATE
from genstudio.media import documents
from genstudio.workers import generate, inline
from genstudio.workers.context import Context, Stopped
from tests.helpers import writers

ALPHABET = "abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    """A data folder with one model, which says the alphabet."""
    made = Home(tmp_path_factory.mktemp("texts"))
    writers.package(made.models / "writer", ALPHABET)
    return made


def body(**facts) -> dict:
    values = {"prompt": "xyz", "length": 8, **facts.pop("values", {})}
    request = Request(model="writer", task="sample", values=values, seed=4, **facts)
    return {"request": request.model_dump(mode="json")}


def do(home: Home, spool: Path, work: str = "generate", **more) -> list:
    return list(inline.run("generate", work, more, home, spool))


def only(events, kind) -> list:
    return [event for event in events if isinstance(event, kind)]


def test_words_come_before_the_file_that_holds_them(home, tmp_path):
    events = do(home, tmp_path, **body(values={"count": 2}))
    results = only(events, Result)
    assert [result.index for result in results] == [0, 1]
    for result in results:
        said = "".join(e.text for e in only(events, Words) if e.index == result.index)
        assert said == "abcdefgh"
        path = Path(result.path)
        assert path.suffix == ".txt"
        assert path.read_text() == "xyzabcdefgh"
        assert result.output == "text"
        assert result.data["start"] == 3
    assert isinstance(events[-1], Done)
    assert only(events, Progress)[-1].done == 8


def test_the_pace_is_told_and_not_kept(home, tmp_path):
    (result,) = only(do(home, tmp_path, **body()), Result)
    assert result.data[RATE] > 0
    assert RATE not in Provenance.model_validate(result.data["provenance"]).facts


def test_the_file_beside_a_text_speaks_for_it(home, tmp_path):
    (result,) = only(do(home, tmp_path, **body()), Result)
    found = documents.read(Path(result.path))
    assert found.provenance.request.values["prompt"] == "xyz"
    assert found.source_type == "composite"  # its first words are a person's
    (alone,) = only(do(home, tmp_path / "a", **body(values={"prompt": ""})), Result)
    assert documents.read(Path(alone.path)).source_type == "trained"
    (bare,) = only(do(home, tmp_path / "b", level="bare", **body()), Result)
    assert not documents.sidecar_of(Path(bare.path)).exists()


@pytest.mark.parametrize("ext", [".md", ".docx", ".html"])
def test_other_formats_hold_the_same_words(home, tmp_path, ext):
    (result,) = only(do(home, tmp_path, ext=ext, **body()), Result)
    path = Path(result.path)
    assert path.suffix == ext
    assert documents.text_of(path).strip() == "xyzabcdefgh"
    assert documents.read(path).provenance.request.seed == 4


def test_a_stop_keeps_what_was_written(home, tmp_path):
    message = Message(job="j", work="generate", body=body(values={"length": 4000}))
    context = Context(home=home, spool=tmp_path)
    seen: list = []

    def follow() -> None:
        for event in generate.generate(message, context):
            seen.append(event)
            if len(only(seen, Words)) == 3:
                context.cancel()

    with pytest.raises(Stopped):
        follow()
    (kept,) = only(seen, Result)
    text = Path(kept.path).read_text()
    assert (text[:3] + text[3:29]) == "xyz" + ALPHABET[: len(text) - 3][:26]
    assert kept.data[UNFINISHED] == f"stopped after {kept.data['tokens']} tokens"
    assert 0 < kept.data["tokens"] < 4000


def test_a_live_request_writes_nothing(home, tmp_path):
    events = do(home, tmp_path, **body(live=True))
    assert "".join(event.text for event in only(events, Words)) == "abcdefgh"
    assert not only(events, Result)
    assert not list(tmp_path.rglob("*.txt"))


def test_reports_are_told_without_a_file(home, tmp_path):
    request = Request(model="writer", task="score", values={"text": "bcd"}, live=True)
    events = do(home, tmp_path, request=request.model_dump(mode="json"))
    (report,) = only(events, Result)
    assert [entry["t"] for entry in report.data["tokens"]] == ["b", "c", "d"]
    json.dumps(report.data)


def test_places_of_a_series_are_counted_over_all_of_it(home, tmp_path):
    base = Request(model="writer", task="sample", values={"length": 3}, seed=1)
    items = [{"name": name, "values": {"prompt": name}} for name in ("a", "m")]
    series = {
        "format": 1, "id": "two", "title": "Two", "base": base.model_dump(mode="json"),
        "items": items,
    }  # fmt: skip
    events = do(home, tmp_path, "series", series=series)
    assert [Path(e.path).read_text() for e in only(events, Result)] == ["abcd", "mnop"]
    assert {event.index for event in only(events, Words)} == {0, 1}
