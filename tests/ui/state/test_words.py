"""Numbers as people say them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from genstudio.ui.state import words


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-3, "under 1 s"), (0.4, "under 1 s"), (4.2, "4 s"), (9.7, "about 10 s"),
        (38, "about 40 s"), (54, "about 55 s"), (58, "about 1 min"), (310, "about 5 min"),
        (1500, "about 25 min"), (3500, "about 1 h"), (9100, "about 2.5 h"), (90_000, "about 25 h"),
    ],
)  # fmt: skip
def test_times_are_rounded(seconds, text):
    assert words.duration(seconds) == text


def test_what_remains():
    assert words.left(0.2) == "almost done"
    assert words.left(40) == "about 40 s left"


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (820, "820 B"), (1200, "1.2 kB"), (12_345, "12 kB"), (999_900, "1.0 MB"),
     (3_400_000, "3.4 MB"), (1.1e9, "1.1 GB"), (5e12, "5,000 GB")],
)  # fmt: skip
def test_sizes_have_units(count, text):
    assert words.size(count) == text


def test_counts_have_their_noun():
    assert words.several(1, "result") == "1 result"
    assert words.several(10_000, "image") == "10,000 images"
    assert words.several(2, "entry", "entries") == "2 entries"
    assert words.number(1234.5, 1) == "1,234.5"


@pytest.mark.parametrize(
    ("iso", "text"),
    [
        ("2026-11-21T11:59:40+00:00", "just now"),
        ("2026-11-21T11:55:00+00:00", "5 min ago"),
        ("2026-11-21T09:00:00", "3 h ago"),
        ("2026-11-20T08:00:00+00:00", "yesterday"),
        ("2026-11-01T12:00:00+00:00", "1 November 2026"),
        ("some day", "some day"),
    ],
)
def test_how_long_ago(iso, text):
    assert words.ago(iso, datetime(2026, 11, 21, 12, tzinfo=UTC)) == text


def test_moments_are_local_and_readable():
    assert "Nov 2026" in words.moment("2026-11-20T12:00:00+00:00")
    assert words.moment("?") == "?"


@pytest.mark.parametrize(
    ("folder", "shown"),
    [
        ("/home/ann", "~"),
        ("/home/ann/texts", "~/texts"),
        ("/home/anna/texts", "/home/anna/texts"),
        ("/media/disk", "/media/disk"),
    ],
)
def test_only_folders_inside_the_home_folder_begin_with_a_tilde(monkeypatch, folder, shown):
    monkeypatch.setattr(Path, "home", lambda: Path("/home/ann"))
    assert words.short_path(Path(folder)).replace("\\", "/") == shown


def test_the_end_of_a_long_folder_is_kept():
    shown = words.short_path(Path("/very/long" * 20 + "/end"), 20)
    assert len(shown) == 20
    assert shown.startswith("…")
    assert shown.endswith("end")
