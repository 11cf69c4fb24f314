"""The `parameters` text: written as others read it, read as others write it."""

from __future__ import annotations

import pytest

from genstudio.core.request import Request
from genstudio.media import a1111
from tests.helpers.making import provenance

WEBUI = (
    "portrait of a cat, (sharp:1.2)\nsecond line\n"
    "Negative prompt: blurry, low quality\nand worse\n"
    "Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 965400086, Size: 512x768, "
    'Model hash: 45dee52b, Model: name, Lora hashes: "a: 1b, c: 2d", Version: v1.6.0'
)


def _written(**values: object) -> str:
    request = Request(model="fashion-gan", task="sample", seed=5, values=values)
    return a1111.write(provenance(request=request, index=2), (64, 48))


def test_order_and_words() -> None:
    text = _written(
        prompt="a bag",
        negative_prompt="ugly",
        steps=20,
        sampler="ddim",
        guidance=7.5,
        strength=0.6,
        variation=0.25,
        variation_seed=9,
        truncation=0.7,
        count=16,
    )
    assert text == (
        "a bag\nNegative prompt: ugly\n"
        "Steps: 20, Sampler: ddim, CFG scale: 7.5, Seed: 5, Size: 64x48, "
        "Model hash: 0123456789, Model: fashion-gan, Variation seed: 9, "
        "Variation seed strength: 0.25, Denoising strength: 0.6, Task: sample, Index: 2, "
        "Truncation: 0.7, Version: GenStudio 0.1.0"
    )


def test_variation_of_no_strength_is_left_out() -> None:
    assert "ariation" not in _written(variation=0.0, variation_seed=7, variation_of=-1)


def test_without_prompts_it_is_one_line() -> None:
    text = _written(truncation=0.7)
    assert "\n" not in text
    assert text.startswith("Seed: 5, Size: 64x48")


def test_values_with_marks_are_quoted_and_none_is_left_out() -> None:
    text = _written(**{"class": 'Boot, "high": 1\n2', "note": None, "list": [1]})
    assert 'Class: "Boot, \\"high\\": 1\\n2"' in text
    assert "Note" not in text
    assert "List" not in text
    found = a1111.parse(text)
    assert found is not None
    assert found["Class"] == 'Boot, "high": 1\n2'


def test_an_entry_equal_to_its_key_is_written_bare() -> None:
    assert ", Loop," in _written(loop="Loop")


def test_reading_what_the_webui_writes() -> None:
    assert a1111.parse(WEBUI) == {
        "Prompt": "portrait of a cat, (sharp:1.2)\nsecond line",
        "Negative prompt": "blurry, low quality\nand worse",
        "Steps": "20",
        "Sampler": "Euler a",
        "CFG scale": "7",
        "Seed": "965400086",
        "Size-1": "512",
        "Size-2": "768",
        "Model hash": "45dee52b",
        "Model": "name",
        "Lora hashes": "a: 1b, c: 2d",
        "Version": "v1.6.0",
        "Clip skip": "1",
        "RNG": "GPU",
    }


def test_what_is_written_wins_over_defaults() -> None:
    found = a1111.parse("x\nSteps: 1, Seed: 2, Clip skip: 2, RNG: CPU")
    assert found is not None
    assert (found["Clip skip"], found["RNG"]) == ("2", "CPU")


@pytest.mark.parametrize("text", ["", "just words", "a: 1, bb: 2", "Steps: 20, Seed: 1", "\n\n\n"])
def test_fewer_than_three_pairs_is_no_settings(text: str) -> None:
    assert a1111.parse(text) is None


def test_round_trip_of_any_words() -> None:
    for words in ("ü, ö: ß", "名前", '"quoted"', "back\\slash, \\n", "1x2x3", "tab\there"):
        found = a1111.parse(_written(**{"class": words}))
        assert found is not None
        assert found["Class"] == words.strip()


def test_broken_quotes_do_not_raise() -> None:
    found = a1111.parse('Steps: 1, Seed: 2, Size: 3x4, Bad: "\\u12", Worse: "open')
    assert found is not None
    assert found["Bad"] == '"\\u12"'


@pytest.mark.parametrize(
    "piece", ["a", " ", "aa:", 'aa:"', "aa: \\", 'aa:"\\"', "aa -/", "aa: 1,", "\t", "é:"]
)
@pytest.mark.timeout(60)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    # A quadratic pattern would need 10**10 steps here and run into the timeout.
    a1111.parse(piece * (a1111.MAX_TEXT // len(piece)))
