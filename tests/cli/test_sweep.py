"""`sweep`: cells named by their values, a labelled sheet, sentences for what is no axis."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from genstudio.media import provenance


def pixels(path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


def test_two_axes_make_cells_and_a_sheet(cli, tmp_path):
    words = ("--x", "truncation=0,1", "--y", "class=disc,square", "--seed", 7)
    done = cli("sweep", "tiny-gan", *words, "--out", tmp_path / "out")
    assert done.code == 0, done.err
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [
        "tiny-gan-7-sweep.png",
        "truncation-0-class-disc-7-0.png",
        "truncation-0-class-square-7-0.png",
        "truncation-1-class-disc-7-0.png",
        "truncation-1-class-square-7-0.png",
    ]
    assert len(done.out.splitlines()) == 5
    sheet = pixels(tmp_path / "out" / "tiny-gan-7-sweep.png")
    assert sheet.shape[0] > 2 * 128
    made = provenance.read(tmp_path / "out" / "tiny-gan-7-sweep.png").provenance
    assert made.facts["sweep_y"]["values"] == ["disc", "square"]
    # A cell is the picture that `generate` makes with the same settings.
    words = ("--set", "truncation=0", "--set", "class=square", "--seed", 7, "--count", 1)
    assert cli("generate", "tiny-gan", *words, "--out", tmp_path).code == 0
    cell = tmp_path / "out" / "truncation-0-class-square-7-0.png"
    assert np.array_equal(pixels(cell), pixels(tmp_path / "tiny-gan-7-0.png"))
    group = provenance.read(cell).provenance.group
    assert (group.name, group.place) == ("truncation 0, class square", 2)


def test_models_side_by_side_without_a_sheet(cli, tmp_path):
    words = ("--x", "model=tiny-gan,tiny-vae", "--seed", 3, "--format", "webp", "--no-sheet")
    done = cli("sweep", "tiny-gan", *words, "--out", tmp_path, "--json")
    assert done.code == 0, done.err
    assert len(list(tmp_path.glob("model-*.webp"))) == 2
    assert not list(tmp_path.glob("*sweep*"))
    assert [event["kind"] for event in done.events].count("result") == 2
    assert done.events[-1]["kind"] == "done"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--x", "truncation"), "--x needs NAME=VALUES"),
        (("--x", "frob=1"), "'frob' cannot be varied"),
        (("--x", "count=1,2"), "'count' cannot be varied"),
        (("--x", "truncation=0-9 (3)"), "from 0 to 1"),
        (("--x", "truncation:a=0"), "replaced in texts only"),
        (("--x", "seed=1-20", "--y", "truncation=0-1 (6)"), "at most 100"),
        (("--x", "truncation=0", "--y", "truncation=1"), "on both axes"),
        ((), "--x"),
    ],
)
def test_what_does_not_fit_is_a_sentence(cli, tmp_path, words, sentence):
    done = cli("sweep", "tiny-gan", *words, "--out", tmp_path)
    assert done.code == 2
    assert sentence in done.err
    assert not list(tmp_path.glob("*.png"))


def test_reports_cannot_be_swept(cli, tmp_path, picture):
    words = ("--input", picture, "--x", "seed=1,2", "--out", tmp_path)
    done = cli("sweep", "tiny-classifier", *words)
    assert done.code == 2
    assert "no pictures" in done.err
