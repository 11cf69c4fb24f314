"""The options that judges share."""

from __future__ import annotations

import pytest

from genstudio.core.controls import Control, check_values, defaults
from genstudio.core.errors import UsageError
from genstudio.core.judge_options import WIDTH, dropout_option, features_option, smoothing_option

ALL: tuple[Control, ...] = (
    WIDTH,
    features_option(96, 1024, "How long."),
    dropout_option(0.2),
    smoothing_option(0.05),
)


def test_defaults_are_what_a_family_says() -> None:
    assert defaults(ALL) == {"width": 24, "features": 96, "dropout": 0.2, "smoothing": 0.05}
    assert ALL[1].help == "How long."


def test_what_only_experts_change_is_folded_away() -> None:
    assert [control.more for control in ALL] == [False, True, True, True]


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("width", 4, 3),
        ("features", 1024, 1025),
        ("dropout", 0.9, 0.95),
        ("smoothing", 0.5, 0.6),
    ],
)
def test_ranges(name: str, good: float, bad: float) -> None:
    assert check_values(ALL, {name: good})[name] == good
    with pytest.raises(UsageError):
        check_values(ALL, {name: bad})
