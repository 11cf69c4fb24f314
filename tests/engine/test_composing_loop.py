"""Drafts side by side: lanes, full contexts, chance."""

import numpy as np
import pytest

from genstudio.core.errors import GenStudioError
from genstudio.engine import composing_loop, logits
from genstudio.engine.logits import Settings
from genstudio.numerics import noise
from tests.helpers.players import ChanceStepper

SIZE = 12


class Line:
    """A draft that wants `length` tokens after its prompt; odd ones only where `odd`."""

    def __init__(self, index: int, length: int, start=(1, 2), odd: bool = False) -> None:
        self.index, self.length, self.start, self.odd = index, length, list(start), odd
        self.tokens: list[int] = []
        self.prompts = 0

    def prompt(self, context: int) -> list[int] | None:
        if len(self.tokens) == self.length:
            return None
        self.prompts += 1
        return (self.start + self.tokens)[-context // 2 :]

    def mask(self) -> np.ndarray | None:
        if len(self.tokens) == self.length:
            return None
        return np.arange(SIZE) % 2 == 1 if self.odd else np.ones(SIZE, bool)

    def take(self, token: int, logits: np.ndarray) -> None:
        assert logits.shape == (SIZE,)
        self.tokens.append(token)


def run(drafts, context: int = 64, settings: Settings | None = None, seed: int = 1):
    stepper = ChanceStepper(SIZE, 2, context)
    for _ in composing_loop.run(stepper, drafts, settings or Settings(), seed):
        pass
    return stepper


def test_drafts_of_one_prompt_step_together():
    drafts = [Line(0, 5), Line(1, 9), Line(2, 3)]
    stepper = run(drafts)
    assert [len(draft.tokens) for draft in drafts] == [5, 9, 3]
    assert stepper.calls["begin"] == 1
    assert stepper.calls["step"] == 8  # the first token follows the prompt


def test_drafts_of_different_prompts_go_one_after_the_other():
    drafts = [Line(0, 4), Line(1, 4, start=(3,)), Line(2, 4)]
    stepper = run(drafts)
    assert stepper.calls["begin"] == 2
    assert stepper.calls["step"] == 6


def test_a_draft_is_the_same_alone_and_among_others():
    among = [Line(0, 30), Line(1, 12), Line(2, 20)]
    run(among)
    for draft in among:
        alone = Line(draft.index, draft.length)
        run([alone])
        assert alone.tokens == draft.tokens


def test_only_what_may_come_comes():
    drafts = [Line(0, 40, odd=True), Line(1, 40)]
    run(drafts, settings=Settings(temperature=3.0))
    assert all(token % 2 for token in drafts[0].tokens)
    assert not all(token % 2 for token in drafts[1].tokens)


def test_a_full_context_is_read_anew():
    draft = Line(0, 50)
    stepper = run([draft], context=16)
    assert len(draft.tokens) == 50
    assert draft.prompts > 4
    assert all(read.shape[1] <= 8 for read in stepper.read)


def test_no_chance_takes_the_likeliest_that_may_come():
    draft = Line(0, 6, odd=True)
    stepper = run([draft], settings=Settings(temperature=0.0))
    row = [1, 2]
    for token in draft.tokens:
        scores = stepper.one[row[-1]] + stepper.two[row[-2]]
        assert token == max(range(1, SIZE, 2), key=lambda one: scores[one])
        row.append(token)


def test_nothing_is_asked_where_nothing_is_wanted():
    assert run([Line(0, 0)]).calls == {"begin": 0, "step": 0, "pick": 0}


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_numbers_that_are_none_end_it(bad):
    stepper = ChanceStepper(SIZE)
    stepper.one[2, 5] = bad
    with pytest.raises(GenStudioError, match="Flute produced undefined numbers"):
        list(composing_loop.run(stepper, [Line(0, 3)], Settings(), 0, "Flute"))


def test_draws_are_the_numbers_of_the_item_in_their_order():
    draws = composing_loop.Draws(7, 3)
    found = [draws.next() for _ in range(1300)]
    assert found == noise.uniform(7, 3, (1300,)).tolist()


@pytest.mark.parametrize(
    "settings",
    [Settings(), Settings(temperature=0.6), Settings(top_k=3), Settings(top_p=0.7),
     Settings(temperature=1.7, top_k=6, top_p=0.9), Settings(temperature=0.0)],
)  # fmt: skip
def test_chance_is_shaped_as_for_texts(settings):
    rng = np.random.default_rng(3)
    for _ in range(20):
        scores, mask = rng.normal(0, 2, 40).astype(np.float32), rng.random(40) < 0.5
        draws = (np.arange(400) + 0.5) / 400
        tokens = [composing_loop.chosen(scores, mask, draw, settings) for draw in draws]
        allowed = np.where(mask, scores, logits.NEVER)[None]
        wanted = logits.softmax(logits.narrowed(allowed, settings))[0]
        if settings.greedy:
            wanted = np.eye(40)[allowed[0].argmax()]
        found = np.bincount(tokens, minlength=40) / 400
        assert found == pytest.approx(wanted, abs=1 / 400 + 1e-6)
        assert (wanted[found > 0] > 0).all()


@pytest.mark.parametrize(
    "settings", [Settings(0.9), Settings(1.3, top_k=3), Settings(1.0, top_p=0.7)]
)
def test_a_choice_is_what_the_settings_say_of_the_few_that_may_come(settings):
    """Word by word as `chosen` says it, with nothing made in place."""
    random = np.random.default_rng(3)
    for _ in range(300):
        found = (3 * random.normal(size=40)).astype(np.float32)
        mask = random.random(40) < 0.5
        mask[7] = True
        draw, allowed = random.random(), np.flatnonzero(mask)
        scores = found[allowed].astype(np.float64)
        order = np.argsort(-scores, kind="stable")
        chances = np.exp((scores[order] - scores.max()) / settings.temperature)
        sums = np.cumsum(chances)[: settings.top_k or None]
        kept = 1 + int((sums < settings.top_p * sums[-1]).sum()) if settings.top_p < 1 else None
        sums = sums[:kept]
        place = min(int((sums <= draw * sums[-1]).sum()), len(sums) - 1)
        before = found.copy()
        assert composing_loop.chosen(found, mask, draw, settings) == allowed[order[place]]
        assert np.array_equal(found, before)
