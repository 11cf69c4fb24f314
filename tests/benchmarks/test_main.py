"""The page of results: what was measured again is new, all else stays."""

from __future__ import annotations

import sys

import pytest

from benchmarks import __main__ as program
from benchmarks.rows import Row

OLD = """# Measured figures

An old head.

## music
old music

## likeness, by hand
written by hand

## sound
old sound
"""


def row(value: float) -> Row:
    return Row("a figure", value, "x", 1.0, "at least", "counted")


def test_a_section_measured_again_takes_the_place_of_the_old_one():
    page = program.report([("music", [row(2.0)])], OLD, "Load: 0.1.")
    parts = program.parts_of(page)
    assert [*parts] == ["", "music", "likeness, by hand", "sound"]
    assert "old music" not in page
    assert "An old head" not in page
    assert "python -m benchmarks --only music" in parts["music"]
    assert "Load: 0.1." in parts["music"]
    assert "counted" in parts["music"]
    assert "written by hand" in parts["likeness, by hand"]
    assert "old sound" in parts["sound"]


def test_a_new_section_comes_last_and_the_page_reads_back():
    page = program.report([("roll", [row(0.5)])], OLD)
    assert [*program.parts_of(page)][-1] == "roll"
    again = program.report([], page)
    assert again == page


def test_a_first_page_needs_no_old_one():
    page = program.report([("roll", [row(1.0)])])
    assert page.startswith("# Measured figures")
    assert [*program.parts_of(page)] == ["", "roll"]


@pytest.mark.parametrize(
    ("more", "written"), [([], True), (["--quick"], False), (["--no-file"], False)]
)
def test_only_full_measurements_are_written(monkeypatch, tmp_path, capsys, more, written):
    class Measured:
        @staticmethod
        def rows(quick):
            yield row(2.0)

    results = tmp_path / "RESULTS.md"
    results.write_text(OLD)
    monkeypatch.setattr(program, "RESULTS", results)
    monkeypatch.setattr(program.importlib, "import_module", lambda name: Measured)
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--only", "sound", *more])
    assert program.main() == 0
    assert ("old sound" not in results.read_text()) == written
    assert "written by hand" in results.read_text()
    assert "a figure" in capsys.readouterr().out


def test_a_missed_bar_is_told_to_the_shell(monkeypatch, tmp_path):
    class Measured:
        @staticmethod
        def rows(quick):
            yield row(0.5)

    monkeypatch.setattr(program, "RESULTS", tmp_path / "RESULTS.md")
    monkeypatch.setattr(program.importlib, "import_module", lambda name: Measured)
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--only", "sound"])
    assert program.main() == 1
