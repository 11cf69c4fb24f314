"""Material of text: what it can do, how its texts are made equal, what its scores carry."""

from __future__ import annotations

import pytest

from genstudio.core.errors import GenStudioError, UsageError
from genstudio.engine.logits import Settings
from genstudio.evaluation import registry, text_kinds, text_speed
from genstudio.evaluation.text_kinds import WordJudge
from genstudio.evaluation.text_material import _same_length, _usual, settings_of, shaped
from genstudio.media.tokens import class_token
from tests.evaluation import lettered


def test_all_measures_of_text_suit_it_and_none_of_pictures() -> None:
    names = {metric.name for metric in registry.chosen((), lettered.material())}
    assert names == {
        "bias_likelihood",
        "bias_tone",
        "bits_per_character",
        "distinct",
        "first_token",
        "kind_agreement",
        "perplexity",
        "repetition",
        "self_bleu",
        "text_likeness",
        "verbatim",
        "writing_speed",
    }
    with pytest.raises(UsageError, match="there are no samples"):
        registry.chosen(("speed",), lettered.material())


def test_a_model_that_gives_no_tokens_can_do_nothing() -> None:
    mute = lettered.material(stepper=False)
    assert registry.chosen((), mute) == []
    with pytest.raises(GenStudioError, match="cannot be asked for tokens"):
        mute.needed_stepper()


def test_written_and_real_texts_have_the_same_words() -> None:
    material = lettered.material()
    steps = list(material.prepare())
    assert steps[-1].done == steps[-1].total == len(material.openings) == 12
    for one in material.written:
        assert len(one.text.split()) == pytest.approx(len(one.real.split()), abs=1)
    again = lettered.material()
    list(again.prepare())
    assert again.written == material.written


@pytest.mark.parametrize(
    ("made", "real", "wanted"),
    [
        ("a b c", "x y", ("a b", "x y")),
        ("a, b!", "x. y. z.", ("a, b", "x. y")),
        ("", "x y", ("", "")),
        (" . ", "x", ("", "")),
    ],
)
def test_the_longer_text_is_cut(made: str, real: str, wanted: tuple[str, str]) -> None:
    assert _same_length(made, real) == wanted


def test_settings_come_from_the_values_of_a_task() -> None:
    found = settings_of({"temperature": 0.7, "top_k": 5, "prompt": "x", "count": 3, "typical": "?"})
    assert found == Settings(temperature=0.7, top_k=5)
    assert shaped(found) == {"temperature": 0.7, "top_k": 5}
    assert shaped(Settings()) == {}


def test_the_usual_length_is_one_that_most_have() -> None:
    assert _usual([]) == 1
    assert _usual([9] * 20) == 9
    assert _usual([2, *[30] * 40]) == 30


def test_a_text_begins_with_its_kind_or_the_end_of_another() -> None:
    material = lettered.material()
    assert material.lead("tales") == material.tokenizer.special(class_token("tales"))
    assert material.lead("unheard-of") == material.lead() == 0


def test_what_is_made_is_made_once() -> None:
    material, made = lettered.material(), []
    for _ in range(3):
        material.cached("x", lambda: made.append(1))
    assert made == [1]


def test_the_judge_of_kinds_tells_tales_from_storms() -> None:
    material = lettered.material()
    judge = WordJudge(material.train)
    assert judge.kinds == ["storms", "tales"]
    assert judge.kind("the captain shouted below the mast") == "storms"
    assert judge.kind("a king had a daughter") == "tales"
    assert judge.kind("") in judge.kinds
    assert judge.kind("words nobody ever met") in judge.kinds


def test_agreement_counts_what_is_recognised() -> None:
    material = lettered.material()
    list(material.prepare())
    (score,) = text_kinds.kind_agreement(material)
    assert score.floor == 1.0
    assert score.samples == 12
    assert set(score.settings["by_class"]) == {"tales", "storms"}
    assert score.low <= score.value <= score.high
    material.written = ()
    assert text_kinds.kind_agreement(material) == []


def test_speeds_are_of_this_machine() -> None:
    material = lettered.material()
    (first,), (rate,) = text_speed.first_token(material), text_speed.writing_speed(material)
    assert first.unit == "ms"
    assert rate.unit == "tokens/s"
    for score in (first, rate):
        assert 0 <= score.low <= score.value <= score.high
        assert score.settings["device"] == "CPU"
        assert "values" not in score.settings
