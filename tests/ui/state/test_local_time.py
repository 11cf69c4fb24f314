"""Moments are told in the clock of the wall, day included."""

from __future__ import annotations

import time

import pytest

from genstudio.ui.state import words

pytestmark = pytest.mark.skipif(not hasattr(time, "tzset"), reason="needs a zone of its own")


@pytest.fixture
def zone(monkeypatch):
    """`zone(name)`: the computer stands there."""

    def stand(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield stand
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("name", "iso", "text"),
    [
        ("UTC0", "2026-11-20T23:30:00+00:00", "20 Nov 2026, 23:30"),
        ("EAST-2", "2026-11-20T23:30:00+00:00", "21 Nov 2026, 01:30"),
        ("EAST-2", "2026-11-30T23:30:00", "1 Dec 2026, 01:30"),
        ("WEST5", "2027-01-01T03:00:00+00:00", "31 Dec 2026, 22:00"),
        ("EAST-2", "2026-11-05T12:00:00+02:00", "5 Nov 2026, 12:00"),
    ],
)
def test_day_and_hour_are_of_the_same_zone(zone, name, iso, text):
    zone(name)
    assert words.moment(iso) == text


def test_an_old_day_is_the_local_one(zone):
    zone("EAST-2")
    assert words.ago("2020-11-20T23:30:00+00:00") == "21 November 2020"
