"""The table of music tokens: blocks, names, and what values stand for."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.core.errors import UsageError
from genstudio.media.note_table import (
    METRES,
    PLAIN_VELOCITY,
    TEMPOS,
    Options,
    Table,
    key_of,
    key_value,
    tempo_of,
    tempo_value,
)

FULL = Options(grid=24, velocities=8, timing=3, voices=5, drums="with")


@pytest.fixture
def table() -> Table:
    return Table(FULL, ("jazz", "rock"))


def test_every_token_has_a_kind_a_value_and_a_name_of_its_own(table: Table) -> None:
    names = [table.name(token) for token in range(table.size)]
    assert len(set(names)) == table.size
    assert not any(" " in name for name in names)
    for token in range(len(table.specials), table.size):
        assert table.token(table.kind_of(token), table.value_of(token)) == token
    assert [table.kind_of(token) for token in range(len(table.specials))] == [""] * 6
    assert table.specials[4:] == ("<|class:jazz|>", "<|class:rock|>")


def test_blocks_follow_the_options() -> None:
    plain, drums = Table(Options(), ()), Table(Options(drums="only", timing=2), ())
    assert plain.has("Pitch")
    assert not any(plain.has(kind) for kind in ("Hit", "Drums", "Vel", "Shift"))
    assert drums.has("Hit")
    assert drums.count["Shift"] == 5
    assert not any(drums.has(kind) for kind in ("Pitch", "Dur", "Key", "Program"))
    assert drums.size < plain.size
    with pytest.raises(KeyError):
        plain.token("Hit", 3)


def test_names(table: Table) -> None:
    assert table.name(table.token("Bar")) == "Bar"
    assert table.name(table.token("Pitch", 60)) == "Pitch:60"
    assert table.name(table.token("Metre", table.metres.index((6, 8)))) == "Metre:6/8"


@pytest.mark.parametrize("grid", [4, 8, 12, 16, 24, 48])
def test_bars_have_whole_parts_and_at_most_eight_quarters(grid: int) -> None:
    table = Table(Options(grid=grid), ())
    assert table.metres[:4] == ((1, 4), (2, 4), (3, 4), (4, 4))
    assert {(6, 8), (2, 2)} <= set(table.metres)
    for (upper, lower), parts in zip(table.metres, table.bar_lengths):
        assert parts * lower == upper * 4 * grid
        assert parts <= 8 * grid
    assert len(set(METRES)) == len(METRES)


@pytest.mark.parametrize(
    ("upper", "lower", "parts", "found"),
    [
        (4, 4, 48, (4, 4)),
        (12, 8, 72, (12, 8)),
        (2, 2, 48, (2, 2)),
        (4, 4, 12, (1, 4)),  # an upbeat
        (4, 4, 6, (1, 8)),
        (4, 4, 47, (4, 4)),  # no metre is that long: the next longer one
        (33, 32, 9999, (8, 4)),
    ],
)
def test_metre_of_a_bar(upper: int, lower: int, parts: int, found: tuple) -> None:
    table = Table(Options(), ())
    assert table.metres[table.metre_value(upper, lower, parts)] == found


def test_durations_are_fine_then_coarse() -> None:
    table = Table(Options(grid=12), ())
    assert table.durations[:24] == tuple(range(1, 25))
    assert table.durations[-1] == 16 * 12
    assert list(table.durations) == sorted(set(table.durations))
    values = table.duration_values(np.array([0, 1, 24, 25, 26, 48, 190, 5000]))
    assert [table.durations[v] for v in values] == [1, 1, 24, 24, 27, 48, 192, 192]


def test_velocities_come_back_within_half_a_level(table: Table) -> None:
    every = np.arange(1, 128)
    values = table.velocity_values(every)
    assert values.min() == 0
    assert values.max() == 7
    back = np.array([table.velocity(value) for value in values])
    assert np.abs(back - every).max() <= 8
    assert np.array_equal(table.velocity_values(back), values)
    assert table.velocity(-1) == Table(Options(), ()).velocity(0) == PLAIN_VELOCITY


def test_tempos_are_steps_of_equal_ratio() -> None:
    assert [tempo_value(tempo) for tempo in (0.1, 30, 240, 999)] == [0, 0, TEMPOS - 1, TEMPOS - 1]
    for tempo in range(30, 241, 7):
        assert abs(tempo_of(tempo_value(tempo)) / tempo - 1) < 0.05
    assert [tempo_value(tempo_of(value)) for value in range(TEMPOS)] == list(range(TEMPOS))


def test_keys_are_tonics() -> None:
    assert key_value(0, False) == 0  # C major
    assert key_value(0, True) == 19  # A minor
    assert key_value(6, False) == key_value(-6, False)
    for value in range(24):
        assert key_value(*key_of(value)) == value
        assert -7 <= key_of(value)[0] <= 7


@pytest.mark.parametrize(
    "options",
    [{"grid": 5}, {"velocities": 0}, {"timing": -1}, {"voices": 0}, {"voices": 17}, {"drums": "x"}],
)
def test_options_that_do_not_fit(options: dict) -> None:
    with pytest.raises(UsageError):
        Options(**options)


def test_classes_must_differ() -> None:
    with pytest.raises(UsageError, match="differ"):
        Table(Options(), ("a", "a"))
