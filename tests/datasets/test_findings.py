"""Findings: counted by reason, listed up to a limit, masked."""

from __future__ import annotations

import pytest

from genstudio.core.errors import BadInput
from genstudio.datasets.findings import EMPTY, MAX_FINDINGS, NEAR, Findings, Unfit, reason


def test_skips_are_counted_by_why() -> None:
    found = Findings()
    found.skip("a.png", "is broken")
    found.leave_out("b.png", Unfit("looks nearly like a.png", NEAR))
    found.leave_out("c.png", BadInput("c.png is empty (0 bytes)"))
    log = found.leave_out("d/e.png", BadInput("e.png is odd"))
    assert (log.level, log.text) == ("warning", "d/e.png: is odd")
    assert found.skipped == 4
    assert found.skipped_by == {"broken": 2, NEAR: 1, EMPTY: 1}
    assert [f.why for f in found.all()] == ["broken", NEAR, EMPTY, "broken"]


def test_notes_and_warnings() -> None:
    found = Findings()
    assert found.note("a fact", "sort").level == "info"
    assert found.warn("a doubt").level == "warning"
    assert [(f.level, f.why, f.what) for f in found.all()] == [
        ("info", "sort", "a fact"),
        ("warning", "", "a doubt"),
    ]
    assert found.skipped == 0


def test_suspects_of_one_file_are_listed_three_times_at_most() -> None:
    found = Findings()
    said = list(found.suspect("a.txt", [("name", f"n{n % 5}") for n in range(50)]))
    assert len(said) == 3
    assert found.personal == {"name": 50}
    assert found.all()[-1].what == "and 47 more that look like a name"
    assert all(f.level == "personal" for f in found.all())


def test_the_same_words_are_listed_once_for_a_file() -> None:
    found = Findings()
    assert len(list(found.suspect("a.txt", [("name", "An…")] * 9))) == 1
    assert len(list(found.suspect("b.txt", [("name", "An…")]))) == 1


def test_names_that_are_no_text_are_printable() -> None:
    found = Findings()
    found.skip("bad\udcff.png", "is like bad\udcff")
    found.all()[0].model_dump_json()


def test_no_more_than_the_limit_is_kept() -> None:
    found = Findings()
    for number in range(MAX_FINDINGS + 9):
        found.skip(f"{number}.png", "is broken")
    assert len(found.kept) == MAX_FINDINGS
    assert found.all()[-1].what == "and 9 more like these"


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("a/b.png is broken", "is broken"),
        ("b.png is broken", "is broken"),
        ("the picture is broken", "is broken"),
        ("is broken", "is broken"),
    ],
)
def test_reasons_do_not_repeat_the_name(what: str, said: str) -> None:
    assert reason(BadInput(what), "a/b.png") == said
