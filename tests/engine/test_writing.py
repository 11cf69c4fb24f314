"""What a model of text is asked: drafts, streams, ends, reports."""

import dataclasses
import json

import numpy as np
import pytest

from genstudio.core.errors import GenStudioError, UsageError
from genstudio.core.events import Progress
from genstudio.core.writing import ENDED, START, TOKENS, WRITTEN
from genstudio.engine import writing
from genstudio.engine.ask import Ask
from genstudio.engine.batches import UNDEFINED
from genstudio.engine.outputs import IGNORED, Report, Writing
from genstudio.media import tokens
from tests.helpers import writers

LETTERS = tokens.train("chars", ["The quick brown fox jumps over a lazy dog. And so\n"], 100)
STORY = "The quick brown fox"


@pytest.fixture
def asked():
    """Ask a task of a table, a random one unless it is given."""
    random = writers.table(LETTERS.size, 5)

    def ask(task: str = "sample", table=random, context: int = 64, **facts) -> list:
        values = facts.pop("values")
        run = writing.tasks(lambda model: writers.TableStepper(table, context))[task]
        model = writers.model(LETTERS, context=context, fim=True)
        return list(run(model, Ask(values, **facts)))

    return ask


def finished(outputs) -> list[Writing]:
    return sorted(
        (o for o in outputs if isinstance(o, Writing) and not o.passing), key=lambda o: o.index
    )


def passing(outputs, index: int) -> str:
    return "".join(
        o.text for o in outputs if isinstance(o, Writing) and o.passing and o.index == index
    )


def test_a_story_is_written_to_its_end(asked):
    outputs = asked(table=writers.saying(LETTERS, STORY), values={"prompt": "The ", "length": 60})
    (made,) = finished(outputs)
    assert made.text == STORY
    assert made.data == {START: 4, WRITTEN: 15, TOKENS: 15, ENDED: "end"}
    assert passing(outputs, 0) == STORY[4:]


def test_progress_rises_to_its_total(asked):
    outputs = asked(values={"prompt": "a", "length": 20}, count=2)
    done = [o.done for o in outputs if isinstance(o, Progress)]
    assert done == sorted(done)
    assert (done[0], done[-1]) == (0, 20)
    assert {o.total for o in outputs if isinstance(o, Progress)} == {20}


def test_a_draft_alone_is_that_of_a_batch(asked):
    values = {"prompt": "The ", "length": 30, "temperature": 1.1, "top_p": 0.9, "repetition": 1.2}
    batch = finished(asked(values=values, seed=3, count=4))
    assert len({draft.text for draft in batch}) == 4
    for place in (0, 3):
        (alone,) = finished(asked(values=values, seed=3, first=place, count=1))
        assert alone == batch[place]


def test_a_longer_text_begins_like_a_shorter_one(asked):
    (short,) = finished(asked(values={"prompt": "a", "length": 10}, seed=9))
    (long,) = finished(asked(values={"prompt": "a", "length": 40}, seed=9))
    assert long.text.startswith(short.text)
    assert short.data[ENDED] == "length"


def test_temperature_zero_takes_the_likeliest(asked):
    values = {"prompt": "T", "length": 25, "temperature": 0}
    first, second = finished(asked(values=values, seed=1, count=2))
    assert first.text == second.text
    table = writers.table(LETTERS.size, 5).copy()
    table[:, :, 1 : len(LETTERS.specials)] = -np.inf
    row = [0, *LETTERS.encode("T")]
    while row[-1] != 0 and len(row) < 27:
        row.append(int(table[row[-2], row[-1]].argmax()))
    assert first.text == LETTERS.decode(row)


def test_tokens_are_told_with_their_chances(asked):
    outputs = asked(values={"prompt": "The", "length": 12, "temperature": 2.0}, seed=4)
    told = [t for o in outputs if isinstance(o, Writing) for t in o.data.get(TOKENS) or []]
    entries = [entry for entry in told if isinstance(entry, dict)]
    (made,) = finished(outputs)
    assert "".join(entry["t"] for entry in entries) == made.text[3:]
    table, row = writers.table(LETTERS.size, 5), LETTERS.encode("The")
    for entry in entries:
        chances = np.exp(table[row[-2], row[-1]] - table[row[-2], row[-1]].max())
        chances /= chances.sum()
        (token,) = LETTERS.encode(entry["t"])
        assert entry["p"] == pytest.approx(chances[token], abs=1e-5)  # before any setting
        best = [p for _, p in entry["top"]]
        assert best == sorted(best, reverse=True)
        assert dict(map(tuple, entry["top"])).get(entry["t"], entry["p"]) == entry["p"]
        row.append(token)
    json.dumps(entries)


def test_special_tokens_are_never_text(asked):
    table = np.zeros((LETTERS.size,) * 3, np.float32)
    table[:, :, 1 : len(LETTERS.specials)] = 50.0
    (made,) = finished(asked(table=table, values={"prompt": "a", "length": 40, "top_p": 1.0}))
    assert made.data[TOKENS] + (made.data[ENDED] == "end") > 0
    assert len(made.text) == 1 + made.data[WRITTEN]


def test_stop_texts_and_bans_hold(asked):
    table = writers.saying(LETTERS, STORY)
    (made,) = finished(asked(table=table, values={"prompt": "The", "length": 60, "stop": "own"}))
    assert (made.text, made.data[ENDED]) == ("The quick br", "stop")
    banned = {"prompt": "The ", "length": 60, "banned": "brown", "temperature": 0}
    (made,) = finished(asked(table=table, values=banned))
    assert made.text.startswith("The quick brow")
    assert "brown" not in made.text


def test_a_prompt_that_ends_with_a_banned_word_goes_on():
    pieces = tokens.train("bpe", ["the cat then there the hat and then the end " * 30], 330)
    table = np.zeros((pieces.size,) * 3, np.float32)
    run = writing.tasks(lambda model: writers.TableStepper(table))["sample"]
    values = {"prompt": "and the", "length": 30, "banned": "the", "top_p": 1.0}
    (made,) = finished(run(writers.model(pieces), Ask(values, seed=5)))
    assert made.data[WRITTEN] > 5
    assert "the" not in made.text[4:].removeprefix("the")


def test_a_small_context_slides(asked):
    (made,) = finished(asked(context=8, values={"prompt": "The quick brown", "length": 50}))
    assert made.data[TOKENS] <= 50
    assert made.text.startswith("The quick brown")


def test_a_gap_is_filled_between_its_sides(asked):
    (made,) = finished(
        asked("fill", values={"before": "The ", "after": " fox", "length": 9}, seed=2)
    )
    start, length = made.data[START], made.data[WRITTEN]
    assert made.text[:start] == "The "
    assert made.text[start + length :] == " fox"
    assert made.data[TOKENS] <= 9


def test_beams_give_their_best_texts_in_order(asked):
    values = {"prompt": "T", "length": 12, "beams": 4}
    drafts = finished(asked(values=values, count=3))
    again = finished(asked(values=values, first=2, count=1, seed=77))
    assert [draft.text for draft in again] == [drafts[2].text]  # chance has no part
    assert len({draft.text for draft in drafts}) == 3
    with pytest.raises(UsageError, match="4 beams"):
        asked(values=values, count=5)


def test_beams_stop_at_texts_too(asked):
    table = writers.saying(LETTERS, STORY)
    values = {"prompt": "The ", "length": 40, "beams": 2, "stop": "fox"}
    best = finished(asked(table=table, values=values))[0]
    assert (best.text, best.data[ENDED]) == ("The quick brown ", "stop")


def test_undefined_numbers_are_an_error(asked):
    with pytest.raises(GenStudioError, match="undefined") as caught:
        asked(table=np.full((LETTERS.size,) * 3, np.nan, np.float32), values={"length": 5})
    assert caught.value.problem.kind == UNDEFINED


def test_unknown_characters_are_told(asked):
    (made,) = finished(asked(values={"prompt": "fox€", "length": 3}))
    assert made.data[IGNORED] == "€"
    assert made.text.startswith("fox€")


def test_reports_of_a_passage(asked):
    outputs = asked("score", values={"text": "The fox"})
    (report,) = [o for o in outputs if isinstance(o, Report)]
    assert [entry["t"] for entry in report.data["tokens"]] == list("The fox")
    outputs = asked("saliency", values={"text": "The fox", "position": 6})
    (report,) = [o for o in outputs if isinstance(o, Report)]
    assert report.data["token"]["t"] == "x"
    assert any(isinstance(o, Progress) for o in outputs)


def test_outputs_repeat_to_the_bit(asked):
    values = {"prompt": "a", "length": 15}
    one, two = (asked(values=values, seed=8, count=2) for _ in range(2))
    assert [dataclasses.asdict(o) for o in finished(one)] == [
        dataclasses.asdict(o) for o in finished(two)
    ]


def test_lines_of_a_control():
    assert writing.lines_of("one\n\n\\n\\n\ntab\\t\\\\n") == ["one", "\n\n", "tab\t\\n"]
