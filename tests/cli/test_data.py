"""`data`: add, list, show, check."""

from __future__ import annotations

import numpy as np


def test_add_show_list(cli, shapes_folder, tmp_path):
    (shapes_folder / "disc" / "broken.png").write_bytes(b"no picture")
    try:
        done = cli("data", "add", shapes_folder, "--name", "formen", "--licence", "CC0")
    finally:
        (shapes_folder / "disc" / "broken.png").unlink()
    assert done.code == 0, done.err
    assert "cross, disc, square" in done.out
    assert "broken.png" in done.out
    assert "genstudio train" in done.err
    shown = cli("data", "show", "formen", "--json").events[-1]["data"]["dataset"]
    assert shown["facts"]["count"] == 120
    assert shown["skipped"] == 1
    assert shown["licence"] == "CC0"
    listed = cli("data", "list")
    assert "formen" in listed.out
    assert "shapes" in listed.out


def test_name_follows_from_the_path(cli, tmp_path):
    pixels = np.zeros((40, 8, 8), np.uint8)
    pixels[::2] = 255
    np.savez(tmp_path / "Meine Bilder.npz", images=pixels)
    assert cli("data", "add", tmp_path / "Meine Bilder.npz").code == 0
    assert cli("data", "show", "meine-bilder").code == 0


def test_check_writes_nothing(cli, shapes_folder, tiny_copy):
    before = sorted(tiny_copy.datasets.iterdir())
    done = cli("data", "check", shapes_folder)
    assert done.code == 0
    assert "120" in done.out
    assert sorted(tiny_copy.datasets.iterdir()) == before


def test_sentences(cli, tmp_path, shapes_folder):
    for words, code, sentence in (
        (("add", tmp_path / "gone", "--name", "x"), 1, "nothing at"),
        (("add", shapes_folder, "--name", "Schöne Formen"), 2, "sch-ne-formen"),
        (("show", "gone"), 1, "gone"),
        (("check", tmp_path), 1, ""),
        (("add",), 2, "PATH"),
    ):
        done = cli("data", *words)
        assert done.code == code, (words, done.err)
        assert sentence in done.err
        assert "Traceback" not in done.err


def test_a_name_is_taken_once(cli, shapes_folder):
    done = cli("data", "add", shapes_folder, "--name", "shapes")
    assert done.code == 1
    assert "shapes" in done.err
