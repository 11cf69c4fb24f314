"""Damaged files of every kind, many ways: a drop ends in a report or in a sentence."""

from __future__ import annotations

import gzip
import lzma
import random
from pathlib import Path

import numpy as np

from genstudio.core.errors import GenStudioError
from genstudio.core.events import Done
from genstudio.datasets import check
from tests.datasets.folders import idx, npz, png, zipped
from tests.datasets.test_tar import tarred
from tests.media.test_music import NOTES, SCORE, midi, track
from tests.media.test_sound import flac, wav

PICTURES = np.zeros((5, 16, 16), np.uint8)
WHOLE = {
    "a.png": png(1),
    "a.zip": zipped({"a/1.png": png(1), "b/2.png": png(2), "captions.csv": b"file,text\n1.png,x"}),
    "a.tar": tarred({"1.png": png(1), "2.png": png(2)}),
    "a.tar.gz": gzip.compress(tarred({"1.png": png(1)})),
    "a.tar.xz": lzma.compress(tarred({"1.png": png(1)})),
    "a.npz": npz(images=PICTURES, labels=np.arange(5), palette=np.zeros((4, 3), np.uint8)),
    "a.npz.xz": lzma.compress(npz(images=PICTURES)),
    "train-images-idx3-ubyte.gz": idx(PICTURES),
    "a.txt": "hello wörld".encode(),
    "a.csv": b'a,b\n1,"2"\n',
    "a.jsonl": b'{"a": "x"}\n{"a": "y"}\n',
    "metadata.jsonl.xz": lzma.compress(b'{"file_name": "a.png", "text": "x"}\n' * 9),
    "a.mid": midi(track(*NOTES)),
    "a.musicxml": SCORE,
    "a.wav": wav(0.02),
    "a.flac": flac(),
    "a.ogg": b"OggS\0\2" + bytes(60),
    "README.md": b"License: MIT",
}


def damaged(data: bytes, draw: random.Random) -> bytes:
    """Bytes flipped, cut off, put in and taken out at drawn places."""
    changed = bytearray(data)
    for _ in range(draw.randint(0, 6)):
        if not changed:
            break
        place, way = draw.randrange(len(changed)), draw.random()
        if way < 0.5:
            changed[place] = draw.randrange(256)
        elif way < 0.7:
            del changed[place:]
        elif way < 0.85:
            changed[place:place] = draw.randbytes(draw.randint(1, 9))
        else:
            del changed[place : place + draw.randint(1, 20)]
    return bytes(changed)


def outcome(folder: Path) -> str:
    """ "" for a report, or the sentence of the refusal."""
    try:
        events = list(check.report([folder]))
    except GenStudioError as error:
        return error.problem.sentence
    assert isinstance(events[-1], Done)
    return ""


def test_a_drop_ends_in_a_report_or_a_sentence(tmp_path: Path) -> None:
    draw, said = random.Random(5), []
    for number in range(150):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name in draw.sample(sorted(WHOLE), draw.randint(1, 4)):
            (folder / name).write_bytes(damaged(WHOLE[name], draw))
        said.append(outcome(folder))
    assert not [words for words in said if "\n" in words]
    assert 30 < sum(not words for words in said) < 140, "both ends were seen"
