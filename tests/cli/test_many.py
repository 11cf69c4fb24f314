"""`generate` over a folder of pictures or a list of prompts: all that can be made is made."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from genstudio.media import provenance


@pytest.fixture
def folder(tmp_path, picture) -> Path:
    """Two pictures and one that is none."""
    place = tmp_path / "pets"
    place.mkdir()
    for name in ("cat.png", "dog.png"):
        shutil.copy(picture, place / name)
    return place


def names(place: Path) -> list[str]:
    return sorted(path.name for path in place.iterdir())


def test_a_folder_of_pictures(cli, tmp_path, folder):
    words = ("--task", "reconstruct", "--input", folder, "--seed", 5, "--out", tmp_path / "out")
    done = cli("generate", "tiny-vae", *words)
    assert done.code == 0, done.err
    assert names(tmp_path / "out") == ["cat-5-0.png", "dog-5-1.png"]
    assert "2 of 2 results" in done.err
    group = provenance.read(tmp_path / "out" / "dog-5-1.png").provenance.group
    assert (group.name, group.place) == ("dog", 1)
    assert "pets" in group.title


def test_single_faults_are_named_and_the_rest_is_made(cli, tmp_path, folder):
    (folder / "bad.png").write_bytes(b"no picture")
    words = ("--task", "reconstruct", "--input", f"image={folder}", "--seed", 5)
    done = cli("generate", "tiny-vae", *words, "--out", tmp_path / "out")
    assert done.code == 1
    assert len(names(tmp_path / "out")) == 2
    assert "bad.png" in done.err
    assert "Not made (see above): bad" in done.err
    assert "Traceback" not in done.err


def test_reports_of_a_folder(cli, tmp_path, folder):
    done = cli("generate", "tiny-classifier", "--input", folder, "--seed", 1, "--out", tmp_path)
    assert done.code == 0
    assert len(list(tmp_path.glob("*.json"))) == 2


def test_a_list_of_prompts(cli, tmp_path):
    listed = tmp_path / "list.txt"
    listed.write_text("# shapes\na small disc\na large square\n", encoding="utf-8")
    words = ("--prompts", listed, "--set", "steps=2", "--count", 2, "--seed", 9)
    done = cli("generate", "tiny-diffusion", *words, "--out", tmp_path / "out")
    assert done.code == 0, done.err
    assert names(tmp_path / "out") == [
        "1-a-small-disc-9-0.png",
        "1-a-small-disc-9-1.png",
        "2-a-large-square-9-2.png",
        "2-a-large-square-9-3.png",
    ]
    made = provenance.read(tmp_path / "out" / "2-a-large-square-9-3.png").provenance
    assert made.request.values["prompt"] == "a large square"
    assert (made.request.seed, made.index) == (9, 3)


@pytest.mark.parametrize(
    ("model", "words", "code", "sentence"),
    [
        ("tiny-gan", ("--prompts", "{list}"), 2, "takes no text"),
        ("tiny-gan", ("--prompts", "gone.txt"), 1, "no file gone.txt"),
        ("tiny-gan", ("--input", "{pets}"), 2, "takes no picture"),
        ("tiny-vae", ("--task", "reconstruct", "--input", "{empty}"), 1, "no pictures in empty"),
        ("tiny-diffusion", ("--prompts", "{list}", "--input", "{pets}"), 2, "goes at once"),
        ("tiny-gan", ("--prompts", "{list}", "--job", "j.json"), 2, "--prompts does not go"),
        ("tiny-diffusion", ("--prompts", "{none}"), 1, "holds no prompts"),
    ],
)
def test_what_does_not_fit_is_a_sentence(cli, tmp_path, folder, model, words, code, sentence):
    places = {"list": tmp_path / "l.txt", "none": tmp_path / "n.txt", "empty": tmp_path / "empty"}
    places["list"].write_text("a disc", encoding="utf-8")
    places["none"].write_text("", encoding="utf-8")
    places["empty"].mkdir()
    words = [word.format(pets=folder, **places) for word in words]
    done = cli("generate", model, *words, "--out", tmp_path / "out")
    assert done.code == code
    assert sentence in done.err
    assert not (tmp_path / "out").exists()
