"""The frame of the benchmarks: verdicts, tables, taking turns. (The figures are not tests.)"""

from __future__ import annotations

import importlib
import inspect
import sys

import pytest

from benchmarks import __main__ as program
from benchmarks.rows import Row, interleaved, machine, table


@pytest.mark.parametrize(
    ("row", "met"),
    [
        (Row("a", 2.0, "x", 3.0), True),
        (Row("a", 3.1, "x", 3.0), False),
        (Row("a", 40, "images/s", 30, "at least"), True),
        (Row("a", 20, "images/s", 30, "at least"), False),
        (Row("a", 20), None),
    ],
)
def test_verdict(row, met):
    assert row.met is met


def test_table_is_markdown_with_aligned_columns():
    rows = [Row("start", 1.234, "x", 3.0, note="how"), Row("a longer name", 99999.0)]
    lines = table(rows).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert lines[1].strip("|-") == ""
    assert "1.23 x" in lines[2]
    assert "at most 3 x" in lines[2]
    assert "met" in lines[2]
    assert "MISSED" in table([Row("a", 9, "", 1)])


def test_works_take_turns_and_may_tell_their_own_seconds():
    order = []

    def timed():
        order.append("timed")

    def own():
        order.append("own")
        return 5.0

    found = interleaved({"timed": timed, "own": own}, repeats=3)
    assert order == ["timed", "own"] * 3
    assert found["own"] == 5.0
    assert 0 <= found["timed"] < 5.0


def test_the_report_names_the_machine_and_the_command():
    text = program.report([("window", [Row("start", 1.0, "x", 3.0)])])
    assert machine() in text
    assert "python -m benchmarks" in text
    assert "## window" in text


@pytest.mark.parametrize("name", program.MODULES)
def test_every_module_gives_rows_and_imports_nothing_heavy_for_it(name):
    module = importlib.import_module(f"benchmarks.{name}")
    assert module.__doc__
    assert list(inspect.signature(module.rows).parameters) == ["quick"]


def test_a_missed_bar_is_the_exit_code(monkeypatch, capsys):
    class Fake:
        @staticmethod
        def rows(quick):
            yield Row("a", 9, "", 1)

    monkeypatch.setitem(sys.modules, "benchmarks.window", Fake)
    monkeypatch.setattr("sys.argv", ["benchmarks", "--only", "window", "--no-file"])
    assert program.main() == 1
    assert "MISSED" in capsys.readouterr().out
