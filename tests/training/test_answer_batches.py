"""Questions with answers: whole texts as rows, answers that count, and the way from the recipe."""

from __future__ import annotations

import pytest
import torch

from genstudio import families
from genstudio.core.errors import BadInput, UsageError
from genstudio.core.recipe import TrainerSettings
from genstudio.datasets.texts import Doc, Texts
from genstudio.media import tokens
from genstudio.training import feeding, texts
from genstudio.training.answer_batches import GIVEN, AnswerBatches
from genstudio.training.token_batches import TokenBatches, Tokens, Windows

CLASSES = ("tales", "poems")
BYTES = tokens.train("bytes", [], 0, CLASSES)
END = BYTES.special(tokens.END)
TALES, POEMS = (BYTES.special(tokens.class_token(name)) for name in CLASSES)
PAIRS = ("Q: a A: one", "Q: bcd A: two", "Q: e A: three")


def data(*given: str, context: int = 64, drop: float = 0.0, labels: tuple[int, ...] = ()) -> Tokens:
    docs = tuple(Doc(text, labels[n] if labels else -1) for n, text in enumerate(given))
    found = Texts(docs, CLASSES)
    return texts.encode(found, BYTES, Windows(context, drop), CLASSES if labels else (), "A:")


def answers(batch) -> list[str]:
    """What counts in full, in words."""
    full = [
        [t for t, w in zip(row[1:], weight, strict=True) if w == 1 and t != END]
        for row, weight in zip(batch.tokens.tolist(), batch.weight.tolist(), strict=True)
    ]
    return [BYTES.decode(row) for row in full]


def test_a_row_is_a_whole_text_and_its_answer_counts() -> None:
    batch = AnswerBatches(data(*PAIRS), None, 3, seed=1).draw(0)
    assert sorted(answers(batch)) == [" one", " three", " two"]
    assert batch.tokens.dtype == torch.int64
    assert batch.weight.dtype == torch.float32
    assert batch.tokens.shape == (3, 1 + len(PAIRS[1]) + 1)  # as long as the longest
    for row, weight in zip(batch.tokens.tolist(), batch.weight.tolist(), strict=True):
        words = BYTES.decode([t for t in row if t != END])
        assert words in PAIRS
        assert row[0] == END
        question = words.index("A:") + 2
        assert weight[:question] == pytest.approx([GIVEN] * question)
        # The answer, the END behind it, and nothing of what fills the row up.
        assert weight[question:] == [1.0] * (len(words) - question + 1) + [0.0] * (
            len(weight) - len(words) - 1
        )


def test_an_epoch_has_each_text_once_in_another_order() -> None:
    made = data(*(f"Q: {n} A: {n}" for n in range(20)))
    batches = AnswerBatches(made, None, 10, seed=3)
    assert batches.count == 20
    drawn = [answers(batches.draw(n)) for n in range(4)]
    first, second = [*drawn[0], *drawn[1]], [*drawn[2], *drawn[3]]
    assert sorted(first) == sorted(second) == sorted(f" {n}" for n in range(20))
    assert first != second
    assert answers(AnswerBatches(made, None, 10, seed=3).draw(1)) == drawn[1]


def test_shards_are_stretches_of_the_batch() -> None:
    made = data(*(f"Q: {n} A: {n}" for n in range(12)))
    alone = AnswerBatches(made, None, 6, seed=1)
    parts = AnswerBatches(made, None, 6, seed=1, shards=3)
    assert answers(alone.draw(1)) == [
        answer for shard in range(3) for answer in answers(parts.shard(1, shard))
    ]


def test_classes_begin_rows_and_are_hidden_at_times() -> None:
    many = [f"Q: {n} A: x" for n in range(200)]
    made = data(*many, drop=0.5, labels=(0, 1) * 100)
    begins = AnswerBatches(made, None, 200, seed=2).draw(0).tokens[:, 0]
    share = float((begins == END).float().mean())
    assert 0.3 < share < 0.7
    assert {int(b) for b in begins} == {END, TALES, POEMS}
    held = next(AnswerBatches(made, made, 4, seed=2).held_out())
    assert held.tokens[:2, 0].tolist() == [TALES, POEMS]


def test_long_texts_are_cut_and_those_without_an_answer_left_out() -> None:
    made = data("Q: " + "x" * 40 + " A: never seen", "Q: a A: " + "y" * 40, context=24)
    batches = AnswerBatches(made, None, 1, seed=0)
    assert batches.count == 1
    batch = batches.draw(0)
    assert batch.tokens.shape == (1, 25)
    assert set(answers(batch)[0]) == {" ", "y"}
    assert (batch.tokens[0, 1:] != END).all()


def test_no_answer_within_the_context_is_said() -> None:
    with pytest.raises(BadInput, match="No answer begins within 16 tokens") as caught:
        AnswerBatches(data("Q: " + "x" * 40 + " A: y", context=16), None, 1, seed=0)
    assert "larger context" in caught.value.problem.next_step


def test_held_out_texts_come_once_in_order_and_are_shown() -> None:
    made, held = data(*PAIRS), data("Q: z A: zed", "Q: w A: wye")
    batches = AnswerBatches(made, held, 2, seed=0)
    assert batches.held_count == 2
    assert [answer for batch in batches.held_out() for answer in answers(batch)] == [
        " zed", " wye",
    ]  # fmt: skip
    assert answers(batches.shown(1)) == [" zed"]
    without = AnswerBatches(made, None, 2, seed=0)
    assert (list(without.held_out()), without.held_count) == ([], 0)
    assert answers(without.shown(1)) == [" one"]


def test_a_text_is_read_in_the_two_parts_that_a_prompt_makes() -> None:
    made = data("Q: a A: one", "no pair at all")
    assert made.given == (len("Q: a A:"), 0)
    assert made.documents[0].tolist() == [*BYTES.encode("Q: a A:"), *BYTES.encode(" one")]
    whole = texts.encode(Texts((Doc("x A: y"),)), BYTES, Windows(8), ())
    assert whole.given == ()


def test_pairs_get_batches_of_their_own() -> None:
    settings = TrainerSettings(batch=2)
    pairs = data(*PAIRS)
    plain = Tokens(pairs.documents, BYTES, Windows(8))
    assert isinstance(feeding.feed(pairs, None, settings, 0, "cpu"), AnswerBatches)
    assert isinstance(feeding.feed(plain, None, settings, 0, "cpu"), TokenBatches)
    assert feeding.amount(pairs).windows == 3


@pytest.mark.parametrize(("answer", "fim", "wrong"), [("A:", True, True), (" ", True, False)])
def test_gaps_and_answers_exclude_each_other(answer, fim, wrong) -> None:
    options = {"answer": answer, "fim": fim}
    if wrong:
        with pytest.raises(UsageError, match="cannot be learned together"):
            texts._answer(options)
    else:
        assert texts._answer(options) == ""


@pytest.mark.parametrize("answer", ["A:", ""])
def test_samples_go_on_from_questions_of_held_out_texts(answer) -> None:
    made = families.part("lstm", "objective").make(
        {"vocabulary": BYTES.size, "context": 64, "class_names": [], "width": 8, "layers": 1},
        {"prompts": "", "answer": answer, "dropout": 0.0},
    )
    made.tokenizer = BYTES
    held = data("Q: what is it? A: a fox", "Q: z A: zed")
    batch = AnswerBatches(held, held, 2, seed=0).shown(2)
    given = [BYTES.decode(row[1:]) for row in made._beginnings(batch, 2)]
    if answer:
        assert given == ["Q: what is it? A:", "Q: z A:"]
    else:
        assert given == ["Q: what is i", "Q: z A: zed"]  # as of any text, a few tokens
