"""What is asked of each picture, as tokens and in words."""

import numpy as np
import pytest

from genstudio.core.errors import UsageError
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.families.diffusion.wishes import Meaning, Wish, meaning, stop_wishes, wishes
from tests.helpers import noisy
from tests.helpers.packages import NAMES

ALPHA, BETA, GAMMA = 2, 3, 4


def test_words_become_tokens_and_unknown_ones_are_named(models: dict[str, LoadedModel]) -> None:
    ask = Ask({"prompt": "Gamma, in tartan alpha", "negative": "beta plaid"}, count=2)
    both = wishes(models["text"], ask, [0, 1])
    assert both[0] == both[1]
    assert both[0].tokens == (1, GAMMA, ALPHA, 0)
    assert both[0].away == (1, BETA, 0, 0)
    assert both[0].facts == {
        "prompt": "Gamma, in tartan alpha",
        "negative": "beta plaid",
        "ignored": "in, tartan, plaid",
    }


def test_an_empty_prompt_says_nothing(models: dict[str, LoadedModel]) -> None:
    (wish,) = wishes(models["text"], Ask({}), [0])
    assert wish == Wish((1, 0, 0, 0), (1, 0, 0, 0), {})


def test_alternatives_change_from_picture_to_picture(models: dict[str, LoadedModel]) -> None:
    ask = Ask({"prompt": "{alpha|beta|gamma}"}, seed=3, first=10, count=3)
    found = wishes(models["text"], ask, range(3))
    assert {wish.tokens[1] for wish in found} == {ALPHA, BETA, GAMMA}
    alone = Ask({"prompt": "{alpha|beta|gamma}"}, seed=3, first=11)
    assert wishes(models["text"], alone, [0]) == [found[1]]
    varied = Ask({"prompt": "{alpha|beta|gamma}", "variation_of": 11}, seed=3, first=50, count=2)
    assert wishes(models["text"], varied, [0, 1]) == [found[1], found[1]]


def test_a_list_gives_every_picture_its_own_prompt(models: dict[str, LoadedModel]) -> None:
    ask = Ask({"prompt": ["beta", "alpha"]}, count=2)
    assert [w.tokens[1] for w in wishes(models["text"], ask, [0, 1])] == [BETA, ALPHA]
    assert [w.tokens[1] for w in wishes(models["text"], ask, [1])] == [ALPHA]


def test_classes_are_chosen_or_drawn(models: dict[str, LoadedModel]) -> None:
    (wish,) = wishes(models["classes"], Ask({"class": "Beta"}), [0])
    assert wish == Wish((2,), (0,), {"class": "Beta"})
    drawn = wishes(models["classes"], Ask({}, seed=1, count=40), range(40))
    assert {w.facts["class"] for w in drawn} == set(NAMES)
    assert wishes(models["none"], Ask({}), [0]) == [Wish((), ())]


def test_a_given_picture_speaks_for_itself(models: dict[str, LoadedModel]) -> None:
    inputs = {"image": np.zeros((8, 8, 1), np.uint8)}
    assert wishes(models["classes"], Ask({}, inputs=inputs), [0]) == [Wish((0,), (0,))]
    (chosen,) = wishes(models["classes"], Ask({"class": "Gamma"}, inputs=inputs), [0])
    assert chosen.tokens == (3,)


def test_a_walk_turns_from_one_prompt_into_another(models: dict[str, LoadedModel]) -> None:
    ask = Ask({"prompt": "alpha", "prompt_to": "beta", "negative": "gamma"})
    start, goal = stop_wishes(models["text"], ask, 3)
    assert [w.tokens[1] for w in start] == [ALPHA] * 3
    assert [w.tokens[1] for w in goal] == [BETA] * 3
    assert goal[0].away[1] == GAMMA
    same = stop_wishes(models["text"], Ask({"prompt": "alpha", "prompt_to": " "}), 2)
    assert same[0] == same[1]


def test_a_walk_turns_from_one_class_into_another(models: dict[str, LoadedModel]) -> None:
    model = models["classes"]
    start, goal = stop_wishes(model, Ask({"class": "Alpha", "class_to": "Gamma"}), 2)
    assert [w.tokens for w in (*start, *goal)] == [(1,), (1,), (3,), (3,)]
    start, goal = stop_wishes(model, Ask({"class": "any"}, seed=2), 5)
    assert start == goal
    assert len({w.tokens for w in start}) > 1
    with pytest.raises(UsageError, match="no class 'Owl'"):
        stop_wishes(model, Ask({"class_to": "Owl"}), 2)
    assert stop_wishes(models["none"], Ask({}), 2)[0] == [Wish((), ())] * 2


def test_the_text_graph_runs_once_for_each_different_prompt(
    models: dict[str, LoadedModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    model, rows = models["text"], []
    run = model.run

    def counted(graph: str, feeds: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        rows.append(len(feeds["tokens"]))
        return run(graph, feeds)

    monkeypatch.setattr(model, "run", counted)
    one, two = (1, ALPHA, 0, 0), (1, BETA, GAMMA, 0)
    found = meaning(model, [one, two, one, one])
    assert rows == [2]
    wanted = [noisy.shown(*words) for words in (["alpha"], ["beta", "gamma"], ["alpha"], ["alpha"])]
    np.testing.assert_allclose(found.parts["pooled"], wanted, atol=1e-6)
    assert found.parts["context"].shape == (4, noisy.LENGTH, 64)


def test_rows_of_a_meaning() -> None:
    whole = Meaning({"pooled": np.arange(6.0).reshape(3, 2)})
    assert whole[1:].parts["pooled"].tolist() == [[2, 3], [4, 5]]
    assert whole[1:].repeated(2).parts["pooled"].tolist() == [[2, 3], [4, 5], [2, 3], [4, 5]]
    assert Meaning({})[1:].repeated(3).parts == {}
