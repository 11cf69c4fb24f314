"""What a MusicXML file says of its making."""

from __future__ import annotations

import io
import zipfile

import pytest

from genstudio.core.errors import BadInput
from genstudio.media import musicxml_out, musicxml_told, xmp
from tests.helpers.pieces import chorale

TOLD = {"source_type": "composite", "model": "voices", "words": "ä & <b>" * 3000}
"""More than expat hands over at once, with letters that XML writes in another way."""


def test_label_and_entry_come_back():
    data = musicxml_out.write(chorale(1, 1), TOLD)
    assert musicxml_told.read(data) == (TOLD, xmp.SOURCE_URIS["composite"])


def test_a_packed_score_says_the_same():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("META-INF/container.xml", "<container/>")
        archive.writestr("score.xml", musicxml_out.write(chorale(1, 1), {"model": "a"}))
    assert musicxml_told.read(packed.getvalue())[0] == {"model": "a"}


def test_a_label_alone_has_no_entry():
    data = musicxml_out.write(chorale(1, 1), None, "trained")
    assert musicxml_told.read(data) == (None, xmp.SOURCE_URIS["trained"])


def test_a_score_of_somebody_says_nothing():
    assert musicxml_told.read(musicxml_out.write(chorale(1, 1))) == (None, "")


@pytest.mark.parametrize("entry", ["[1, 2]", "{", "[" * 5000])
def test_an_entry_that_is_none_counts_as_absent(entry):
    field = f'<miscellaneous-field name="GenStudio">{entry}</miscellaneous-field>'
    assert musicxml_told.read(f"<score-partwise>{field}</score-partwise>".encode()) == (None, "")


def test_an_entry_without_end_is_cut(monkeypatch):
    monkeypatch.setattr(musicxml_told, "MOST_TEXT", 1000)
    assert musicxml_told.read(musicxml_out.write(chorale(1, 1), TOLD))[0] is None


@pytest.mark.parametrize(
    "data",
    [
        b"<score-partwise>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b"PK\x03\x04broken",
        b'<?xml version="1.0" encoding="klingon"?><a/>',
    ],
)
def test_damage_and_entities_are_refused(data):
    with pytest.raises(BadInput, match=r"song\.mxl is damaged"):
        musicxml_told.read(data, "song.mxl")
