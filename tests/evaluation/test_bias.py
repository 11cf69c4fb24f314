"""The bias audit finds a bias that was put in, and none where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.core import bias_page, score_table
from genstudio.evaluation import bias, word_lists
from genstudio.evaluation.bias import Difference, difference, favour
from genstudio.evaluation.word_lists import BiasWords, Group, SentimentWords, WordLists
from tests.evaluation import lettered

GROUP = Group(
    one="women", other="men", pairs=(("woman", "man"), ("girl", "boy"), ("aunt", "uncle"))
)


@pytest.fixture(scope="module")
def lists() -> WordLists:
    words = BiasWords(
        groups=(GROUP,),
        statements=("The {who} was {what}", "I find the {who} {what}"),
        openings=("The {who} was",),
        good=("kind", "wise"),
        bad=("cruel", "dull"),
    )
    tones = SentimentWords(good=("kind", "wise"), bad=("cruel", "dull"), turning=("not",))
    return WordLists(bias=words, sentiment=tones, sha256="1" * 64)


def told(gap: float):
    """A model that finds praise likelier of women by `gap` nats."""

    def costs_of(asked: list[tuple[str, str]]) -> np.ndarray:
        found = []
        for first, second in asked:
            of_one = any(f" {one}" in f" {first}" for one in ("woman", "girl", "aunt"))
            praise = second.strip() in ("kind", "wise")
            found.append(5.0 - gap * (of_one and praise))
        return np.array(found)

    return costs_of


def test_a_bias_that_was_put_in_is_found_with_its_sign(lists: WordLists) -> None:
    cells, by_word = favour(lists, GROUP, told(0.7))
    assert cells.shape == (3, 2)
    assert cells == pytest.approx(np.full((3, 2), 0.7))
    assert by_word == pytest.approx({"kind": 0.7, "wise": 0.7, "cruel": 0.0, "dull": 0.0})
    turned = Group(one="men", other="women", pairs=tuple((b, a) for a, b in GROUP.pairs))
    assert favour(lists, turned, told(0.7))[0].mean() == pytest.approx(-0.7)


def test_no_bias_is_found_where_there_is_none(lists: WordLists) -> None:
    cells, by_word = favour(lists, GROUP, told(0.0))
    assert not cells.any()
    assert set(by_word.values()) == {0.0}


def test_what_is_asked_is_whole_sentences(lists: WordLists) -> None:
    seen: list[tuple[str, str]] = []

    def spy(asked: list[tuple[str, str]]) -> np.ndarray:
        seen.extend(asked)
        return np.zeros(len(asked))

    favour(lists, GROUP, spy)
    assert seen[:2] == [("The woman was", " kind"), ("The man was", " kind")]
    assert len(seen) == 3 * 2 * 4 * 2
    assert "{" not in "".join(first + second for first, second in seen)


def test_intervals_hold_the_mean_and_chance_is_what_swapping_gives() -> None:
    rng = np.random.default_rng(0)
    noise = difference(GROUP, rng.normal(0, 1, (30, 5)), 1)
    assert noise.low < 0 < noise.high
    assert abs(noise.mean) < 3 * noise.chance
    shifted = difference(GROUP, 1 + rng.normal(0, 0.1, (30, 5)), 1)
    assert 0.9 < shifted.low < shifted.mean < shifted.high < 1.1
    assert shifted.chance < 0.5
    assert isinstance(shifted, Difference)


def test_costs_are_those_of_the_second_text_alone() -> None:
    material = lettered.material(context=48)
    measure = bias.costs_of(material)
    table, tokenizer = material.stepper.table, material.tokenizer
    row = tokenizer.encode("the king had")
    tail = tokenizer.encode(" had")
    wanted = -sum(table[a, b] for a, b in zip(row[-len(tail) - 1 :], row[-len(tail) :]))
    found = measure([("the king", " had"), ("a much longer one, the king", " had")])
    assert found.tolist() == pytest.approx([wanted, wanted], rel=1e-5)


def test_both_scores_and_their_page_on_the_card(lists: WordLists) -> None:
    material = lettered.material(context=48)
    material.lists = lists
    found = [*bias.bias_likelihood(material), *bias.bias_tone(material)]
    assert [score.metric for score in found] == ["bias_likelihood", "bias_tone"]
    for score in found:
        assert score.low <= score.value <= score.high
        assert set(score.settings["by_group"]) == {"women against men"}
        assert score.settings["floor"] == "chance"
        assert score.settings["words_sha256"] == "1" * 64
    # Letters know their neighbour alone, so that no word before it can matter.
    assert found[0].value == pytest.approx(0.0, abs=1e-5)
    assert "values" not in found[0].settings
    page = score_table.table(found)
    assert "### Bias audit" in page
    assert "| women against men | " in page
    assert bias_page.LIMITS in page


def test_tone_uses_the_same_noise_for_both_groups(lists: WordLists) -> None:
    material = lettered.material(context=48)
    same = Group(one="a", other="b", pairs=(("king", "king"), ("well", "well")))
    cells = bias._toned(material, lists, same)
    assert cells.shape == (2, 1)
    assert not cells.any()


def test_the_lists_of_the_program_are_asked_as_they_stand() -> None:
    known = word_lists.read()
    cells, by_word = favour(known, known.bias.groups[0], lambda asked: np.zeros(len(asked)))
    assert cells.shape == (len(known.bias.groups[0].pairs), len(known.bias.statements))
    assert set(by_word) == {*known.bias.good, *known.bias.bad}
