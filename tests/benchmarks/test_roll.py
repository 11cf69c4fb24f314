"""The benchmark of the piano roll: what it reads of its own process and makes of it."""

from __future__ import annotations

import ast
import json
from types import SimpleNamespace

import pytest

from benchmarks import roll

FACTS = {"scroll": [9.0, 4.0, 6.0], "play": [2.0, 1.0, 1.5], "all": [30.0, 17.0, 19.0],
         "drag": [20.0, 15.9, 22.0], "seen": 9876}  # fmt: skip


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch):
    """What the process was called with; it says `said` and ends with `code`."""
    calls = SimpleNamespace(said="FACTS " + json.dumps(FACTS), code=0, error="", runs=[])

    def run(words, **more):
        calls.runs.append((words, more))
        return SimpleNamespace(returncode=calls.code, stdout=calls.said, stderr=calls.error)

    monkeypatch.setattr(roll.subprocess, "run", run)
    return calls


def test_the_processors_time_is_held_against_a_frame(asked) -> None:
    found = {row.name: row for row in roll.rows()}
    assert len(found) == 4
    (drawn,) = [row for name, row in found.items() if "drawn anew" in name]
    assert (drawn.value, drawn.bar, drawn.met) == (17.0, roll.FRAME_MS, False)
    assert "9,876 notes in sight" in drawn.note
    assert "worst 19.0 ms, 30.0 ms passed" in drawn.note
    (dragged,) = [row for name, row in found.items() if "dragged" in name]
    assert dragged.met is True


def test_quick_measures_less_often_but_as_many_notes(asked) -> None:
    list(roll.rows(quick=True))
    list(roll.rows())
    (quick, _), (whole, more) = asked.runs
    assert (quick[3], whole[3]) == ("10000", "10000")
    assert int(quick[4]) < int(whole[4])
    assert more["env"]["PYTHONPATH"] == str(roll.ROOT)


@pytest.mark.parametrize(("display", "platform"), [("", "offscreen"), (":7", None)])
def test_a_display_is_used_where_there_is_one(asked, monkeypatch, display, platform) -> None:
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    list(roll.rows())
    assert asked.runs[0][1]["env"].get("QT_QPA_PLATFORM") == platform


def test_other_words_of_the_process_do_not_matter_and_the_last_facts_count(asked) -> None:
    asked.said = f'warning: x\nFACTS {{"seen": 1}}\nFACTS {json.dumps(FACTS)}\nbye\n'
    assert [row.value for row in roll.rows()] == [17.0, 4.0, 15.9, 1.0]


@pytest.mark.parametrize(("code", "said"), [(1, "FACTS {}"), (0, ""), (-11, "FACTS {}")])
def test_a_process_that_failed_says_why(asked, code: int, said: str) -> None:
    asked.code, asked.said, asked.error = code, said, "x" * 5000 + "no such widget"
    with pytest.raises(RuntimeError, match="no such widget") as caught:
        list(roll.rows())
    assert len(str(caught.value)) < 3100


def test_what_the_process_runs_measures_all_that_is_told() -> None:
    tree = ast.parse(roll.WORK)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    measured = {
        call.args[0].value for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "measure"
        and isinstance(call.args[0], ast.Constant)
    }  # fmt: skip
    assert measured == {key for _, key, _ in roll._ROWS}
