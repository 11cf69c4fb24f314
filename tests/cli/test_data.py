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
    (tmp_path / "void").mkdir()
    for words, code, sentence in (
        (("add", tmp_path / "gone", "--name", "x"), 1, "nothing at"),
        (("add", shapes_folder, "--name", "Schöne Formen"), 2, "sch-ne-formen"),
        (("show", "gone"), 1, "gone"),
        (("check", tmp_path / "void"), 1, "no usable pictures"),
        (("add", shapes_folder, "--near", "perhaps"), 2, "note, skip"),
        (("show", "shapes", "--rows", "3", "--which", "none"), 2, "excluded"),
        (("edit", "shapes"), 2, "nothing to change"),
        (("edit", "shapes", "--rows", "x", "--exclude"), 2, "3,7,10-19"),
        (("edit", "shapes", "--rows", "0-2000001", "--exclude"), 2, "too many"),
        (("edit", "shapes", "--rows", "9999", "--exclude"), 2, "no row 9999"),
        (("edit", "shapes", "--rows", "0-119", "--exclude"), 2, "nothing would be left"),
        (("edit", "shapes", "--fit", "crop"), 2, "fit"),
        (("remove", "gone"), 1, "gone"),
        (("restore", "gone"), 1, "gone"),
        (("starters", "gone"), 1, "Known are"),
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


def test_several_paths_and_all_that_can_be_said(cli, shapes_folder):
    done = cli(
        "data", "add", shapes_folder / "disc", shapes_folder / "cross", "--name", "two", "--copy",
        "--title", "Two shapes", "--attribution", "me", "--consent", "no people",
        "--fit", "contain", "--near", "skip", "--json",
    )  # fmt: skip
    assert done.code == 0, done.err
    found = cli("data", "show", "two", "--json").events[-1]["data"]["dataset"]
    assert (found["title"], found["attribution"]) == ("Two shapes", "me")
    assert (found["consent"], found["fit"]) == ("no people", "contain")
    assert found["copied"]
    assert found["facts"]["classes"] == ["cross", "disc"]


def test_items_are_listed_edited_and_taken_back(cli):
    page = cli("data", "show", "shapes", "--rows", "2", "--class", "disc", "--json")
    rows = [item["row"] for item in page.events[-1]["data"]["page"]["rows"]]
    assert len(rows) == 2
    done = cli(
        "data", "edit", "shapes", "--rows", f"{rows[0]},{rows[1]}-{rows[1]}", "--class", "ball",
        "--caption", "a  round\nthing", "--exclude", "--title", "Forms",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert "Forms" in done.out
    assert "excluded   2" in done.out
    shown = cli("data", "show", "shapes", "--rows", "9", "--which", "excluded")
    assert shown.out.count("ball") == 2
    assert shown.out.count("a round thing") == 2
    assert cli("data", "edit", "shapes", "--rows", f"{rows[0]}", "--include").code == 0
    assert "excluded   1" in cli("data", "show", "shapes").out


def test_a_dataset_leaves_and_comes_back(cli):
    done = cli("data", "remove", "shapes")
    assert "data restore shapes" in done.out
    assert cli("data", "show", "shapes").code == 1
    assert cli("data", "restore", "shapes").code == 0
    assert cli("data", "show", "shapes").code == 0


def test_starters_are_listed_and_added(cli):
    listed = cli("data", "starters")
    for name in ("fashion", "emoji", "sprites"):
        assert name in listed.out
    done = cli("data", "starters", "sprites", "--json")
    assert done.events[-1]["data"]["count"] == 700
    again = cli("data", "starters", "sprites", "--json")
    assert again.events[-1]["data"] == done.events[-1]["data"]


def test_a_table_becomes_texts(cli, tmp_path):
    table = tmp_path / "things.csv"
    table.write_text("name,about\n" + "".join(f"n{n},a long text {n}\n" for n in range(9)), "utf-8")
    shown = cli("data", "check", table)
    assert "columns    about, name" in shown.out
    assert cli("data", "add", table, "--column", "about").code == 0
    listed = cli("data", "show", "things", "--rows", "3")
    assert "a long text" in listed.out
    wrong = cli("data", "check", table, "--column", "price")
    assert wrong.code == 1
    assert "about, name" in wrong.err
