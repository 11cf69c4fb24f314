"""setup/general_set.py over tiny copies of the prepared sets: classes, splits, limits, credits."""

from __future__ import annotations

import gzip
import io
import json
import lzma
import zipfile
from pathlib import Path

import numpy as np
import pytest

from genstudio.core.manifest import Manifest
from genstudio.engine.package_folder import verify_files
from genstudio.media import image
from tests.helpers import packages
from tests.helpers.scripts import script

RNG = np.random.default_rng(0)


@pytest.fixture(scope="module")
def general():
    with script("general_set") as module:
        yield module


def noise(*shape: int) -> np.ndarray:
    return RNG.integers(0, 256, shape, dtype=np.uint8)


def captions(folder: Path, rows: list[dict]) -> None:
    folder.mkdir(exist_ok=True)
    lines = "\n".join(json.dumps({"i": i, **row}) for i, row in enumerate(rows))
    (folder / "captions.jsonl.xz").write_bytes(lzma.compress(lines.encode()))


def pack(path: Path, names: list[str], side: int, channels: int = 3) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, image.png(noise(side, side, channels)))


def idx(path: Path, values: np.ndarray) -> None:
    head = bytes([0, 0, 8, values.ndim]) + b"".join(n.to_bytes(4, "big") for n in values.shape)
    path.write_bytes(gzip.compress(head + values.tobytes()))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every set with the files it is read from, 60 pictures or so each."""
    root = tmp_path_factory.mktemp("sets")
    n = 60
    fashion = root / "fashion-mnist"
    fashion.mkdir()
    for part, count in (("train", n), ("t10k", 20)):
        idx(fashion / f"{part}-images-idx3-ubyte.gz", noise(count, 28, 28))
        labels = (np.arange(count) % 2).astype(np.uint8)
        idx(fashion / f"{part}-labels-idx1-ubyte.gz", labels)
    nouns = root / "nouns-characters"
    captions(nouns, [{"head": "cat" if i % 2 else "owl"} for i in range(n)])
    arrays = io.BytesIO()
    np.savez(arrays, palette=noise(256, 3), index=noise(n, 32, 32))
    (nouns / "nouns32.npz.xz").write_bytes(lzma.compress(arrays.getvalue()))
    faces = {"hair": "long", "glasses": True, "beard": False, "hat": False}
    captions(root / "avatars-pixelart", [{"attrs": faces}] * n)
    pack(root / "avatars-pixelart" / "images_32.zip", [f"{i}.png" for i in range(n)], 32)
    captions(root / "avatars-micah", [{"attrs": {"hair": "full", "glasses": ""}}] * n)
    pack(root / "avatars-micah" / "images_64.zip", [f"{i}.png" for i in range(n)], 64)
    for name, style in (("fluent-emoji", "flat"), ("noto-emoji", "noto")):
        rows = [{"style": style, "group": "Food", "unicode": f"1f{i // 3:03x}"} for i in range(n)]
        captions(root / name, [*rows, {"style": style, "group": "Flags", "unicode": "1f1e6"}])
        pack(root / name / "images_128.zip", [f"{i}.png" for i in range(n + 1)], 48, 4)
    tiles = root / "pixel-sprites-dcss"
    rows = [{"category": "item", "sub": "book/old", "name": f"book {i}"} for i in range(n - 20)]
    rows += [{"category": "item", "sub": f"odd {i}", "name": f"odd {i}"} for i in range(20)]
    captions(tiles, rows)
    np.savez(tiles / "sprites32_rgba.npz", x=np.zeros((n, 32, 32, 4), np.uint8))
    captions(root / "fruits-photo", [{"variety": f"Apple {i % 2}"} for i in range(n)])
    pack(root / "fruits-photo" / "fruits64.zip", [f"a/{i}.png" for i in range(n)], 64)
    for name in ("medical-mednist", "medical-bloodcells"):
        (root / name).mkdir()
        pack(root / name / "some.zip", [f"{'AB'[i % 2]}/{i}.png" for i in range(n)], 64)
    return root


def test_all_sets_become_one_with_classes_of_their_own(general, data, tmp_path, capsys):
    counts = general.build(data, tmp_path / "out")
    assert set(counts) == {each.name for each in general.SETS}
    names = (tmp_path / "out" / "classes.txt").read_text().splitlines()
    assert names == sorted(names)
    assert {"fashion-mnist: Trouser", "nouns-characters: owl head", "fruits-photo: Apple 1",
            "avatars-pixelart: long hair, glasses", "avatars-micah: full hair",
            "fluent-emoji: flat, Food", "pixel-sprites-dcss: item book",
            "pixel-sprites-dcss: item, other", "medical-mednist: A"} <= set(names)  # fmt: skip
    # One flag is nothing to learn from.
    assert not any("Flags" in name for name in names)
    with np.load(tmp_path / "out" / "general.npz") as arrays:
        assert arrays["train_images"].shape[1:] == (32, 32, 3)
        assert arrays["train_images"].dtype == np.uint8
        assert len(arrays["train_images"]) == len(arrays["train_labels"]) == sum(counts.values())
        tests = len(arrays["test_images"])
        assert 0 < tests < len(arrays["train_images"]) / 2
        assert arrays["train_labels"].max() == len(names) - 1
        # Only official tests of the clothes: 20 of them.
        clothes = names.index("fashion-mnist: Trouser")
        assert (arrays["test_labels"] == clothes).sum() == 10
        # See-through sprites lie on their dark floor.
        books = arrays["train_labels"] == names.index("pixel-sprites-dcss: item book")
        assert (arrays["train_images"][books] == general.DARK).all()
    assert "nouns-characters: 60 pictures, 2 classes" in capsys.readouterr().out


def test_it_is_the_same_every_time(general, data, tmp_path):
    for name in ("a", "b"):
        general.build(data, tmp_path / name)
    first, second = ((tmp_path / name / "general.npz").read_bytes() for name in ("a", "b"))
    assert first == second


def test_variants_of_a_thing_stay_on_one_side(general, data):
    found = list(general.emoji(data / "fluent-emoji"))
    sides = {}
    for example in found:
        sides.setdefault(example.thing, set()).add(general.is_test(example))
    assert all(len(side) == 1 for side in sides.values())
    assert len(sides) < len(found) / 2


def test_no_set_dominates_and_large_classes_give_way_first(general, monkeypatch):
    monkeypatch.setattr(general, "MOST", 100)
    empty = np.zeros((32, 32, 3), np.uint8)
    some = [general.Example(empty, "large", str(i)) for i in range(500)]
    some += [general.Example(empty, "small", str(i)) for i in range(30)]
    some += [general.Example(empty, "tiny", str(i)) for i in range(5)]
    kept = [example.word for example in general.chosen(some)]
    assert (kept.count("large"), kept.count("small"), kept.count("tiny")) == (70, 30, 0)
    assert general.chosen([]) == []


def test_credits_name_every_set_in_a_whole_package(general, tmp_path):
    folder = packages.judge(tmp_path / "judge")
    before = Manifest.read(folder / "model.json")
    trained = {"trained_on": [{"name": "general", "count": 9, "sha256": "a" * 64}]}
    named = Manifest.model_validate({**before.model_dump(), **trained})
    (folder / "model.json").write_bytes(named.to_bytes())
    found = general.credit(folder, {"fruits-photo": 90})
    assert Manifest.read(folder / "model.json") == found
    verify_files(folder, found)
    assert len(found.trained_on) == len(general.SETS) == 10
    assert {data.sha256 for data in found.trained_on} == {"a" * 64}
    card = (folder / "card.md").read_text()
    for each in general.SETS:
        assert each.attribution in card
        assert each.licence in card
    assert "fruits-photo: 90 pictures; licence CC BY-SA 4.0" in card


def test_the_words_of_the_command(general, data, tmp_path, capsys):
    with pytest.raises(SystemExit, match=r"general_set\.py"):
        general.main(["one"])
    general.main([str(data), str(tmp_path / "out")])
    assert json.loads((tmp_path / "out" / "counts.json").read_text())["noto-emoji"] > 20
    assert "noto-emoji" in capsys.readouterr().out
