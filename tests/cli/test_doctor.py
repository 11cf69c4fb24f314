"""`doctor`: facts, and one real generation per model."""

from __future__ import annotations

import pytest

from genstudio import families
from genstudio.cli import doctor


@pytest.fixture
def ours_are_bundled(monkeypatch, tiny_copy, tmp_path):
    """The tiny models take the place of the bundled ones."""
    place = tmp_path / "bundled"
    tiny_copy.models.rename(place)
    monkeypatch.setattr("genstudio.studio.library.bundled_models", lambda: place)
    monkeypatch.setattr("genstudio.workers.context.bundled_models", lambda: place)
    return place


def test_everything_works(cli, ours_are_bundled):
    done = cli("doctor", "--json")
    assert done.code == 0, done.err
    facts = done.events[-1]["data"]
    made = {f"tiny-{family}" for family in families.names()}
    assert {model["model"] for model in facts["models"]} == made
    assert all(model["ok"] for model in facts["models"])
    assert "CPUExecutionProvider" in facts["devices"]["providers"]
    assert facts["versions"]["numpy"]
    assert facts["folders"]["data folder"]


def test_a_damaged_model_is_named(cli, ours_are_bundled):
    graph = next((ours_are_bundled / "tiny-gan").glob("*.onnx"))
    graph.write_bytes(bytes(graph.stat().st_size))
    done = cli("doctor")
    assert done.code == 1
    assert "tiny-gan" in done.err
    assert "FAILS" in done.out
    assert "Traceback" not in done.err


def test_no_models_at_all(cli, monkeypatch, tmp_path):
    monkeypatch.setattr("genstudio.studio.library.bundled_models", lambda: tmp_path / "none")
    done = cli("doctor")
    assert done.code == 1
    assert "no bundled models" in done.err


def test_own_models_are_tried_when_asked(cli, monkeypatch, tmp_path):
    monkeypatch.setattr("genstudio.studio.library.bundled_models", lambda: tmp_path / "none")
    done = cli("doctor", "--all")
    assert done.code == 0, done.err
    assert done.out.count("  works  ") == len(families.names())


def test_versions_are_read_without_importing():
    assert "torch" in doctor.versions()
