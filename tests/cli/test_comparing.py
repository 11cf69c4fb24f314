"""`models card` and `models compare`."""

from __future__ import annotations

import json

import pytest

from genstudio.core.manifest import Score

WAY = {"data": "shapes", "data_sha256": "a" * 64, "split": "test"}


@pytest.fixture
def measured(tiny_copy):
    """measured(model, value, **settings): give a model one precision."""

    def give(model: str, value: float, **more) -> None:
        place = tiny_copy.models / model / "model.json"
        manifest = json.loads(place.read_bytes())
        settings = {**WAY, **more}
        found = Score(
            metric="precision", value=value, low=value - 0.01, high=value + 0.01, floor=0.9,
            samples=100, better="higher", settings=settings,
        )  # fmt: skip
        manifest["scores"] = [found.model_dump(mode="json")]
        place.write_text(json.dumps(manifest))

    return give


def test_two_models_stand_side_by_side(cli, measured):
    measured("tiny-gan", 0.5)
    measured("tiny-vae", 0.7)
    done = cli("models", "compare", "tiny-gan", "tiny-vae")
    assert done.code == 0, done.err
    (line,) = [line for line in done.out.splitlines() if line.startswith("precision")]
    for words in (" 0.5 (0.49 to 0.51) ", " 0.7 (0.69 to 0.71) * ", " 0.9 "):
        assert words in line
    assert line.endswith("higher")
    assert "* the best" in done.err
    facts = cli("models", "compare", "tiny-gan", "tiny-vae", "--json").events[-1]["data"]["table"]
    assert facts["axes"] == ["precision"]
    assert [row[0]["best"] for row in facts["cells"]] == [False, True]
    assert facts["cells"][0][0]["axis"] == pytest.approx(0.5 / 0.9)
    assert facts["columns"][0]["metric"] == "precision"


def test_unlike_numbers_are_shown_but_not_compared(cli, measured):
    measured("tiny-gan", 0.5)
    measured("tiny-vae", 0.7, split="valid")
    done = cli("models", "compare", "tiny-gan", "tiny-vae")
    assert done.code == 0
    assert "0.7 (unlike)" in done.out
    assert "another part of the pictures" in done.err
    assert "*" not in done.out
    facts = cli("models", "compare", "tiny-gan", "tiny-vae", "--json").events[-1]["data"]["table"]
    assert len(facts["refused"]) == 1
    assert facts["cells"][1][0]["axis"] is None


def test_a_score_that_one_lacks_leaves_its_cell_empty(cli, measured):
    measured("tiny-gan", 0.5)
    facts = cli("models", "compare", "tiny-gan", "tiny-vae", "--json").events[-1]["data"]["table"]
    assert facts["cells"][1][0]["value"] is None
    assert cli("models", "compare", "tiny-gan", "tiny-vae").code == 0


def test_sentences(cli, measured):
    for words, sentence in (
        (("tiny-gan", "tiny-vae"), "none of these models was measured"),
        (("tiny-gan",), "two different models"),
        (("tiny-gan", "tiny-gan"), "two different models"),
        (("tiny-gan", "nope"), "nope"),
    ):
        done = cli("models", "compare", *words)
        assert done.code != 0
        assert sentence in done.err
        assert "Traceback" not in done.err


def test_cards_as_html_and_markdown(cli, measured, tmp_path):
    measured("tiny-gan", 0.5)
    for name, words in (("card.html", "<!doctype html>"), ("card.md", "| precision | 0.5 |")):
        target = tmp_path / name
        done = cli("models", "card", "tiny-gan", "--out", target)
        assert done.code == 0, done.err
        assert done.out.strip() == str(target)
        assert words in target.read_text(encoding="utf-8")
        assert cli("models", "card", "tiny-gan", "--out", target).code == 1
        assert cli("models", "card", "tiny-gan", "--out", target, "--replace").code == 0
    wrong = cli("models", "card", "tiny-gan", "--out", tmp_path / "card.txt")
    assert wrong.code == 1
    assert "HTML or Markdown" in wrong.err


def test_pairs_are_only_shown_when_asked_for(cli, tmp_path):
    cli("evaluate", "tiny-gan", "--data", "shapes", "--samples", 32, "--metric", "copies")
    sizes = []
    for place, more in enumerate(((), ("--pairs",))):
        target = tmp_path / f"{place}.html"
        assert cli("models", "card", "tiny-gan", "--out", target, *more).code == 0
        text = target.read_text(encoding="utf-8")
        assert ("training pictures that come nearest" in text) is bool(more)
        sizes.append(len(text))
    assert sizes[1] > sizes[0]
