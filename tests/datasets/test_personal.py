"""What looks like personal data, and what does not."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genstudio.core.paths import Home
from genstudio.datasets import check, personal, store
from genstudio.media import exif
from tests.datasets.folders import add, facts, fill, png
from tests.helpers.making import picture


def whys(text: str) -> list[str]:
    return [why for why, _ in personal.suspects(text)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("write to Anna.Schmidt+x@mail.example.org please", personal.MAIL),
        ("call +49 151 2345 6789 now", personal.PHONE),
        ("call +1 (555) 123-4567", personal.PHONE),
        ("Tel. 030 1234 56789", personal.PHONE),
        ("555-123-4567", personal.PHONE),
        ("photo of Anna Schmidt at the sea", personal.NAME),
        ("signed, Dr. Hanisch", personal.NAME),
        ("with Mrs Bennet Long", personal.NAME),
        ("by John F. Kennedy-Smith", personal.NAME),
    ],
)
def test_what_has_the_form(text: str, why: str) -> None:
    assert why in whys(text)


@pytest.mark.parametrize(
    "text",
    [
        "a red ball on a white background",
        "Ankle boot, T-shirt/top, 28 x 28",
        "IMG_20240131_123456.jpg",
        "sha256 0123456789abcdef0123456789",
        "in 1984 there were 1,000,000 and 12.50",
        "The Grand Canyon at dawn, New York City",
        "version 1.2.3.4 of 2024-05-06",
        "meet @somebody there",
        "rate 44100 44100 16000",
    ],
)
def test_what_has_not(text: str) -> None:
    assert whys(text) == []


def test_findings_show_too_little_to_pass_on() -> None:
    ((_, words),) = personal.suspects("mail anna@example.org")
    assert words == "an… (16 characters)"


def test_file_names_have_dashes_for_spaces() -> None:
    assert [w for w, _ in personal.in_file_name("holiday/Anna_Schmidt-2.png")] == [personal.NAME]
    assert [w for w, _ in personal.in_file_name("anna@example.org.txt")] == [personal.MAIL]
    assert list(personal.in_file_name("cat_0001.png")) == []


def located() -> bytes:
    """A JPEG that says where it was taken."""
    tags = Image.Exif()
    tags.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)})
    buffer = io.BytesIO()
    Image.fromarray(picture(24, 24, 3)).save(buffer, "JPEG", exif=tags)
    return buffer.getvalue()


def test_the_place_in_exif() -> None:
    assert exif.has_location(located())
    plain = io.BytesIO()
    Image.fromarray(picture(24, 24, 3)).save(plain, "JPEG", exif=Image.Exif())
    assert not exif.has_location(plain.getvalue())
    assert not exif.has_location(png(1))
    assert not exif.has_location(b"Exif and no picture")
    assert not exif.has_location(located()[:60])


def test_a_dataset_says_what_it_found(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    files = {f"{n}.png": png(n) for n in range(5)}
    files |= {
        "0.txt": b"a portrait of Maria Lopez",
        "1.txt": b"ask maria@example.org or +49 30 1234567",
        "Peter_Pan.png": png(9),
        "there.jpg": located(),
    }
    source = fill(tmp_path / "data", files)
    assert facts(add(home, source))["count"] == 7
    found = [f for f in store.load(home, "set").findings if f.level == "personal"]
    assert sorted((f.file, f.why) for f in found) == [
        ("0.png", "name"),
        ("1.png", "mail address"),
        ("1.png", "phone number"),
        ("Peter_Pan.png", "name"),
        ("there.jpg", "place of the picture"),
    ]
    report = facts(list(check.report([source])))
    assert report["personal"] == {
        "name": 2,
        "mail address": 1,
        "phone number": 1,
        "place of the picture": 1,
    }
    assert "maria" not in str(report["findings"]).lower()


def test_many_places_are_counted_and_a_few_listed(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    words = " ".join(f"mail{n}@example.org" for n in range(40))
    add(home, fill(tmp_path / "data", {f"{n}.txt": f"{n} {words}".encode() for n in range(30)}))
    found = [f for f in store.load(home, "set").findings if f.why == "mail address"]
    assert len(found) <= 51
    assert "more that look like a mail address" in found[-1].what
    assert np.unique([f.file for f in found]).size > 15
