"""setup/prompt_sets.py over tiny copies of the prepared sets: pictures composed of parts."""

from __future__ import annotations

import io
import itertools
import json
import lzma
import zipfile
from pathlib import Path
from random import Random

import numpy as np
import pytest

from genstudio.media import image
from tests.helpers.scripts import script

RNG = np.random.default_rng(0)
PARTS = {"bodies": 3, "accessories": 4, "heads": 5, "glasses": 2}
NAMES = (
    ["cool", "warm"],
    *([f"{name} {n}" for n in range(count)] for name, count in PARTS.items()),
)
STORED = 60


@pytest.fixture(scope="module")
def prompt_sets():
    with script("prompt_sets") as module:
        yield module


def write_rows(folder: Path, rows: list[dict]) -> None:
    lines = "\n".join(json.dumps(row) for row in rows)
    (folder / "captions.jsonl.xz").write_bytes(lzma.compress(lines.encode()))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, prompt_sets) -> Path:
    """STORED of 240 possible characters of 4 layers, and one portrait."""
    root = tmp_path_factory.mktemp("sets")
    nouns, faces = root / "nouns-characters", root / "avatars-pixelart"
    nouns.mkdir()
    faces.mkdir()
    layers = {
        name: RNG.integers(1, 9, (n, 32, 32), np.uint8) * (RNG.random((n, 32, 32)) < 0.3)
        for name, n in PARTS.items()
    }
    palette = RNG.permutation(np.arange(256 * 3) % 256).reshape(256, 3).astype(np.uint8)
    np.savez(nouns / "parts.npz", palette=palette, bg=np.array([239, 240]), **layers)
    every = list(itertools.product(range(2), *(range(n) for n in PARTS.values())))
    rows, index = [], []
    for seed in Random(1).sample(every, STORED):
        words = (names[n] for names, n in zip(NAMES, seed, strict=True))
        rows.append({"seed": seed, **dict(zip(prompt_sets.SLOTS, words, strict=True))})
        laid = np.full((32, 32), 239 + seed[0], np.uint8)
        for layer, n in zip(layers.values(), seed[1:], strict=True):
            laid[layer[n] > 0] = layer[n][layer[n] > 0]
        index.append(laid)
    packed = io.BytesIO()
    np.savez(packed, index=np.array(index), palette=palette)
    (nouns / "nouns32.npz.xz").write_bytes(lzma.compress(packed.getvalue()))
    write_rows(nouns, rows)
    write_rows(faces, [{"file": "0.png", "caption": "pixel art face, dark skin, sad mouth"}])
    with zipfile.ZipFile(faces / "images_32.zip", "w") as archive:
        archive.writestr("0.png", image.png(RNG.integers(0, 256, (32, 32, 3), np.uint8)))
    return root


def test_characters_composed_of_parts_are_new_ones_and_say_what_they_are(
    prompt_sets, data, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prompt_sets, "COMPOSED", 2000)  # of 240: all the others come up
    found = list(prompt_sets.characters(data, Random(0)))
    said = [captions[0] for _, captions in found]
    nouns = [words for words in said if words.startswith("noun, ")]
    assert len(said) == len(set(said)) == 241
    assert [w.startswith("portrait, ") for w in said].index(True) == STORED
    assert len(nouns) == 240
    # A composed picture with the words of a stored one but for the background: only that differs.
    by_words = {captions[0]: pixels for pixels, captions in found}
    stored = nouns[0]
    cool, warm = "cool background", "warm background"
    other = stored.replace(cool, warm) if cool in stored else stored.replace(warm, cool)
    differ = (by_words[stored] != by_words[other]).any(axis=-1)
    assert 0 < differ.mean() < 0.5
    assert len(np.unique(by_words[stored][differ], axis=0)) == 1


def test_the_set_is_the_same_every_time(
    prompt_sets, data, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prompt_sets, "COMPOSED", 20)
    made = [prompt_sets.write("characters", data, tmp_path / name) for name in "ab"]
    assert made[0] == made[1] == len(list((tmp_path / "a").glob("*.png")))
    for path in sorted((tmp_path / "a").iterdir()):
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()
