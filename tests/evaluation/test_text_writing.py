"""Texts written side by side are those written alone, whatever ends or fills up."""

from __future__ import annotations

import pytest

from genstudio.engine.logits import Settings
from genstudio.evaluation import text_writing
from genstudio.evaluation.text_writing import written
from genstudio.media import tokens
from tests.evaluation.lettered import TALE, Letters


@pytest.fixture(scope="module")
def tokenizer() -> tokens.Tokenizer:
    return tokens.train("chars", [TALE], 200, ("tales",))


def texts(tokenizer, prompts, length=30, settings=None, context=64, seed=4, places=None):
    stepper = Letters(tokenizer, TALE * 3, context)
    found = dict(written(stepper, tokenizer, prompts, length, settings or Settings(), seed, places))
    return [found[number] for number in range(len(prompts))]


def prompts_of(tokenizer, *words: str) -> list[list[int]]:
    return [[0, *tokenizer.encode(word)] for word in words]


def test_a_text_of_a_batch_is_the_same_alone(tokenizer) -> None:
    prompts = prompts_of(tokenizer, "the", "a", "was", "had", "king", "so")
    together = texts(tokenizer, prompts)
    for number, prompt in enumerate(prompts):
        assert texts(tokenizer, [prompt], places=[number]) == [together[number]]
    assert len(set(together)) == len(together)
    assert texts(tokenizer, prompts, seed=5) != together


def test_more_prompts_than_a_batch_all_come_once(tokenizer) -> None:
    prompts = prompts_of(tokenizer, *["the"] * (text_writing.BATCH + 3))
    found = texts(tokenizer, prompts)
    assert len(found) == text_writing.BATCH + 3
    assert len(set(found)) > text_writing.BATCH


def test_the_length_is_kept_and_special_tokens_never_come(tokenizer) -> None:
    found = texts(tokenizer, prompts_of(tokenizer, "the", "was"), length=12)
    assert all(len(text) <= 12 for text in found)
    (none,) = texts(tokenizer, prompts_of(tokenizer, "the"), length=1)
    assert len(none) <= 1
    assert "<|" not in "".join(found)


def test_a_text_ends_at_its_end_and_others_go_on(tokenizer) -> None:
    class Ending(Letters):
        """After a "k" comes the end."""

        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments)  # type: ignore[arg-type]
            (k,) = tokenizer.encode("k")
            self.table[k] = -50.0
            self.table[k, 0] = 0.0

    prompts = prompts_of(tokenizer, "k", "a", "e")
    found = dict(written(Ending(tokenizer, TALE), tokenizer, prompts, 40, Settings(), 1))
    assert found[0] == ""
    assert all(text.find("k") in (-1, len(text) - 1) for text in found.values())
    assert max(map(len, found.values())) > 5


def test_the_likeliest_is_taken_at_temperature_zero(tokenizer) -> None:
    prompts = prompts_of(tokenizer, "the")
    careful = Settings(temperature=0.0)
    one = texts(tokenizer, prompts, settings=careful)
    assert one == texts(tokenizer, prompts, settings=careful, seed=99)


@pytest.mark.parametrize("context", [4, 7, 16])
def test_a_full_context_slides(tokenizer, context: int) -> None:
    """Letters need their neighbour alone, so sliding must change nothing."""
    prompts = prompts_of(tokenizer, "the", "was")
    assert texts(tokenizer, prompts, context=context) == texts(tokenizer, prompts)


def test_a_prompt_too_long_keeps_its_kind_and_its_end(tokenizer) -> None:
    prompts = prompts_of(tokenizer, TALE)
    assert texts(tokenizer, prompts, context=8) == texts(tokenizer, prompts, context=512)
    seen = []

    class Spy(Letters):
        def begin(self, tokens):
            seen.append(tokens[0].tolist())
            return super().begin(tokens)

    dict(written(Spy(tokenizer, TALE, 8), tokenizer, prompts, 1, Settings(), 0))
    assert seen[0] == [0, *tokenizer.encode(TALE)[-6:]]
