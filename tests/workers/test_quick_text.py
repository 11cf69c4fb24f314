"""Fast copies of models of text: measured on what they write, kept or refused, used."""

import shutil

import pytest

from genstudio.core import fast
from genstudio.core.events import Done, Log, Progress, Result
from genstudio.core.manifest import MANIFEST, Manifest
from genstudio.core.paths import Home
from genstudio.workers import inline, quick_text

MODEL = "tiny-lstm"


@pytest.fixture
def home(tiny_packages, tmp_path, monkeypatch) -> Home:
    monkeypatch.setattr(quick_text, "LENGTH", 16)
    monkeypatch.setattr(quick_text, "REPEATS", 3)
    found = Home(tmp_path / "home")
    shutil.copytree(tiny_packages["lstm"], found.models / MODEL)
    return found


def made(home: Home) -> list:
    return list(inline.run("generate", "make_fast", {"model": MODEL}, home))


def test_made_measured_and_used(home, monkeypatch):
    monkeypatch.setattr(fast, "LEAST_TIMES", 0.0)
    events = made(home)
    manifest = Manifest.read(home.models / MODEL / MANIFEST)
    found = fast.offered(home, manifest)
    assert found is not None
    assert [entry.name for entry in found.files] == ["step.onnx"]
    assert 0 <= found.perplexity < fast.MOST_PERPLEXITY
    assert found.psnr is None
    assert found.samples == quick_text.ROWS * 16
    assert events[-1].data["text"] == found.in_words()
    assert "perplexity +" in found.in_words()
    told = [event.done / event.total for event in events if isinstance(event, Progress)]
    assert told == sorted(told)
    assert told[-1] == 1.0
    values = {"prompt": "There", "length": 12, "fast": True}
    request = {"model": MODEL, "task": "sample", "values": {**values, "count": 1}, "seed": 1}
    said = list(inline.run("generate", "generate", {"request": request}, home))
    assert [event for event in said if isinstance(event, Result)]
    assert isinstance(said[-1], Done)
    assert not any("full precision" in event.text for event in said if isinstance(event, Log))


def test_what_loses_too_much_or_gains_nothing_is_not_kept(home, monkeypatch):
    monkeypatch.setattr(fast, "MOST_PERPLEXITY", -1.0)
    done = made(home)[-1]
    assert "writes worse" in done.data["text"]
    manifest = Manifest.read(home.models / MODEL / MANIFEST)
    assert fast.offered(home, manifest) is None
    assert fast.read(home, manifest).files == ()


def test_reasons_in_words():
    assert fast.why_text_refused(2.0, 0.001) == ""
    assert "3.0 % higher, 2 % are the most" in fast.why_text_refused(2.0, 0.03)
    assert "writes worse" in fast.why_text_refused(2.0, float("nan"))
    assert "1.05 times" in fast.why_text_refused(1.05, 0.001)
