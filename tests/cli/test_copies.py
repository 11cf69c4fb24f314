"""`copies`: copied passages of a file, and what is said where there are none."""

from __future__ import annotations

import json

import pytest

from genstudio.cli.copies import found, verdict
from genstudio.core.manifest import Manifest
from genstudio.core.paths import Home
from tests.helpers import texts


def test_a_copied_passage_is_shown_with_its_source(cli, tmp_path):
    copied = texts.text("tales", 3).split("\n")[:8]
    file = tmp_path / "mine.md"
    file.write_text("\n".join(["Of my own making.", *copied, "All mine again."]), "utf-8")
    done = cli("copies", "tiny-lstm", file)
    assert done.code == 0, done.err
    assert "tales" in done.out
    assert "copied passage" in done.err
    (line,) = [json.loads(x) for x in cli("copies", "tiny-lstm", file, "--json").out.splitlines()
               if '"kind":"done"' in x]  # fmt: skip
    passage = line["data"]["passages"][0]
    assert passage["text"] in file.read_text("utf-8")
    assert passage["words"] >= 10


def test_own_words_and_models_that_cannot_tell(cli, tmp_path):
    file = tmp_path / "mine.txt"
    file.write_text("Nobody has ever written these very words in this order before, I hope.\n")
    assert (
        "No copied passage was found in 12 training texts" in cli("copies", "tiny-lstm", file).err
    )
    assert "nothing can be told" in cli("copies", "tiny-vae", file).err


def test_sentences(cli, tmp_path):
    image = tmp_path / "a.png"
    image.write_bytes(b"\x89PNG")
    for words, code, sentence in (
        (("tiny-lstm",), 2, "FILE"),
        (("nope", image), 1, "nope"),
        (("tiny-lstm", tmp_path / "gone.txt"), 1, "There is no file"),
        (("tiny-lstm", image), 1, "a.png"),
    ):
        done = cli("copies", *words)
        assert done.code == code, done.err
        assert sentence in done.err
        assert "Traceback" not in done.err


def test_rows_are_short_and_bear_strange_reports():
    one = {"start": 3, "end": 99, "words": 20, "source": "A", "text": "so\nlong " * 40}
    ((span, words, source, text),) = found({"passages": [one, "odd"]})
    assert (span, words, source) == ("3 to 99", "20", "A")
    assert len(text) == 60
    assert text.startswith("so long so")
    assert found({}) == found({"passages": "none"}) == []


@pytest.mark.parametrize(
    ("data", "count", "wanted"),
    [
        ({"known": False}, 0, "nothing can be told"),
        ({"known": True, "surely": 17, "sources": 8}, 0, "in 8 training texts"),
        ({"known": True, "surely": 17, "sources": 8}, 1, "1 copied passage."),
        ({"known": True, "surely": 17, "sources": 8}, 2, "2 copied passages. Copies of 17 words"),
    ],
)
def test_the_verdict_is_a_sentence(data, count, wanted):
    assert wanted in verdict(data, count)


def test_packages_of_text_list_their_fingerprints(tiny_home):
    manifest = Manifest.read(Home(tiny_home).models / "tiny-lstm" / "model.json")
    assert manifest.config["fingerprints"] is True
    assert "fingerprints.bin" in {entry.name for entry in manifest.files}
