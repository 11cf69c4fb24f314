"""MusicXML that is written: read again it is the same music, and its signs add up."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import numpy as np
import pytest

from genstudio.media import musicxml, musicxml_out, xmp
from genstudio.media.notes import Piece, Track, notes_of
from tests.helpers.pieces import chorale, groove

TYPES = {"whole": 96, "half": 48, "quarter": 24, "eighth": 12, "16th": 6, "32nd": 3, "64th": 1.5}


def tree(piece: Piece) -> ElementTree.Element:
    return ElementTree.fromstring(musicxml_out.write(piece))


def measures_add_up(root: ElementTree.Element, lengths: list[int]) -> None:
    """Every measure of every part moves on by its length, and signs are as long as durations."""
    for part in root.findall("part"):
        found = []
        for measure in part.findall("measure"):
            now = furthest = 0
            for node in measure:
                length = int(node.findtext("duration") or 0)
                if node.tag == "note" and node.find("chord") is None:
                    now += length
                elif node.tag in ("backup", "forward"):
                    now += length if node.tag == "forward" else -length
                furthest = max(furthest, now)
                if node.tag == "note" and node.find("type") is not None:
                    assert TYPES[node.findtext("type") or ""] * _stretched(node) == length
            found.append(furthest)
        assert found == lengths


def _stretched(node: ElementTree.Element) -> float:
    dotted = 1.5 if node.find("dot") is not None else 1
    return dotted * (2 / 3 if node.find("time-modification") is not None else 1)


@pytest.mark.parametrize("seed", range(3))
def test_music_comes_back(seed: int) -> None:
    piece = chorale(4, 4, seed)
    back = musicxml.read(musicxml_out.write(piece))
    assert np.array_equal(back.notes, piece.notes)
    assert (back.tracks, back.title) == (piece.tracks, piece.title)
    assert (back.tempos, back.metres, back.keys) == (piece.tempos, piece.metres, piece.keys)
    measures_add_up(tree(piece), [96] * 5 if len(piece.bars()) == 6 else [96] * 4)


@pytest.mark.parametrize("seed", range(4))
def test_anything_at_all_comes_back(seed: int) -> None:
    """Chords, overlaps, ties over bars, triplets, changes in the middle: on the grid, exactly."""
    random = np.random.default_rng(seed)
    spans: set[tuple[int, int, int]] = set()
    while len(spans) < 60:
        start = int(random.integers(0, 24 * 30)) * 20
        pitch, length = int(random.integers(30, 100)), int(random.integers(1, 200)) * 20
        free = all(p != pitch or start >= s + n or s >= start + length for s, n, p in spans)
        spans |= {(start, length, pitch)} if free else set()
    rows = [(*span, int(random.integers(1, 128)), number % 2) for number, span in enumerate(spans)]
    piece = Piece(
        notes_of(rows), (Track("A & <B>", 3), Track("", 40)),
        tempos=((0, 90.0), (1000, 72.5), (4800, 60.0)),
        metres=((0, 1, 4), (480, 3, 4), (3360, 7, 8)), keys=((0, -3, False), (3360, 4, True)),
    )  # fmt: skip
    back = musicxml.read(musicxml_out.write(piece))
    assert np.array_equal(back.notes, piece.notes)
    assert back.metres == piece.metres
    assert back.keys == piece.keys
    assert [tempo for _, tempo in back.tempos] == [90.0, 72.5, 60.0]
    assert back.tracks[0] == piece.tracks[0]
    lengths = np.diff(piece.bars()) * 24 // 480
    measures_add_up(tree(piece), lengths.tolist())


def test_drums_are_sounds_of_their_own() -> None:
    piece = groove(2)
    root = tree(piece)
    keys = {node.text for node in root.iter("midi-unpitched")}
    assert keys == {"37", "39", "43"}
    assert root.findtext(".//clef/sign") == "percussion"
    back = musicxml.read(musicxml_out.write(piece))
    assert back.tracks[0].drums
    assert sorted(back.notes["pitch"]) == sorted(piece.notes["pitch"])
    assert np.abs(np.sort(back.notes["start"]) - np.sort(piece.notes["start"])).max() <= 10


def test_clefs_rests_and_empty_tracks() -> None:
    piece = Piece(notes_of([(0, 480, 40, 80, 0), (1920, 1920, 80, 80, 1)]), (Track(),) * 3)
    root = tree(piece)
    assert [node.text for node in root.iter("sign")] == ["F", "G", "G"]
    assert len(list(root.iter("part"))) == 3
    third = root.findall("part")[2]
    assert [rest.get("measure") for rest in third.iter("rest")] == ["yes", "yes"]


def test_label_provenance_and_strange_words() -> None:
    told = {"seed": 3, "prompt": "a < b & ü", "source_type": "trained"}
    data = musicxml_out.write(chorale().replaced(title="A\x00 < B"), told)
    root = ElementTree.fromstring(data)
    fields = {node.get("name"): node.text for node in root.iter("miscellaneous-field")}
    assert fields["DigitalSourceType"] == xmp.SOURCE_URIS["trained"]
    assert json.loads(fields["GenStudio"] or "") == told
    assert root.findtext("work/work-title") == "A < B"
    bare = ElementTree.fromstring(musicxml_out.write(chorale()))
    assert bare.find(".//miscellaneous") is None


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("]]> <&\"'", "]]> <&\"'"),
        ("a\ud800b", "ab"),
        ("a\ufffe\x1fb", "ab"),
        ("\U0001f3b5 ü", "🎵 ü"),
    ],
)
def test_any_words_are_written_so_that_they_can_be_read(words: str, kept: str) -> None:
    piece = chorale(1, 1).replaced(title=words, tracks=(Track(words, 3),))
    back = musicxml.read(musicxml_out.write(piece, {"prompt": words, "source_type": "trained"}))
    assert (back.title, back.tracks[0].name) == (kept, kept)
    assert np.array_equal(back.notes, piece.notes)


def test_bars_begun_late_are_no_whole_bars_and_say_so() -> None:
    piece = chorale(2, 1).replaced(metres=((0, 4, 4), (960, 3, 4)))
    first, *others = tree(piece).iter("measure")
    assert (first.get("implicit"), first.get("number")) == ("yes", "1")
    assert {node.get("implicit") for node in others} == {None}
    assert [node.text for node in tree(piece).iter("beats")] == ["4", "3"]
    assert np.array_equal(musicxml.read(musicxml_out.write(piece)).notes, piece.notes)


def test_tempos_are_told_once_where_they_begin() -> None:
    piece = chorale(2, 3).replaced(tempos=((0, 96.0), (720, 61.25), (1920, 300.0)))
    root = tree(piece)
    told = [node.get("tempo") for node in root.iter("sound")]
    assert told == ["96", "61.25", "300"]
    assert len(list(root.findall("part")[0].iter("sound"))) == 3
    assert musicxml.read(musicxml_out.write(piece)).tempos == piece.tempos
    measures_add_up(root, [96] * (len(piece.bars()) - 1))


def test_labels_that_nobody_knows_are_not_written() -> None:
    fields = ElementTree.fromstring(musicxml_out.write(chorale(1), {}, "strange"))
    names = [node.get("name") for node in fields.iter("miscellaneous-field")]
    assert names == ["GenStudio"]
    alone = ElementTree.fromstring(musicxml_out.write(chorale(1), None, "trained"))
    (label,) = alone.iter("miscellaneous-field")
    assert label.text == xmp.SOURCE_URIS["trained"]
