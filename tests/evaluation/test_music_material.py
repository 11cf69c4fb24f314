"""What metrics of music work on: needs, stretches, and what the model is asked for each."""

from __future__ import annotations

import pytest

from genstudio.core import composing
from genstudio.core.events import Log, Progress
from genstudio.engine.outputs import Music
from genstudio.evaluation import music_material
from genstudio.evaluation.music_pieces import Work
from genstudio.media.notes import Piece, notes_of
from tests.evaluation.musical import PPQ, Composer, beat, composed, material, tune, works

NEEDS = ("unseen pieces", "new pieces", "training pieces", "pitches", "drums", "several voices")


def needs(made) -> dict[str, bool]:
    return {need: made.has(need) for need in NEEDS}


def test_what_can_be_had_follows_from_model_and_pieces() -> None:
    assert needs(material()) == {**dict.fromkeys(NEEDS, True), "drums": False}
    alone = material(test=works(3, voices=1), train=[])
    assert (alone.has("several voices"), alone.has("training pieces")) == (False, False)
    mute = material(stepper=None, compose=None)
    assert (mute.has("unseen pieces"), mute.has("new pieces")) == (False, False)
    assert not material().has("pictures")


def test_without_unseen_music_nothing_is_foretold_or_composed() -> None:
    silent = [Work(Piece(notes_of([])), "", "silence")]
    for test in ([], silent):
        made = material(test=test)
        assert needs(made) == {
            **dict.fromkeys(NEEDS, False), "training pieces": True, "pitches": False,
        }  # fmt: skip
        assert list(made.prepare()) == []
        assert made.pieces() == ([], [], [])


def test_music_that_the_tokens_cannot_say_is_no_stretch() -> None:
    drums = [Work(beat(n), "", f"beat {n}") for n in range(4)]
    mixed = material(count=6)
    mixed.test = [*works(2, 100), *drums]
    assert 0 < len(mixed.windows) <= 2
    assert not mixed.has("drums")


# ---- what is asked ---------------------------------------------------------------------------


def test_stretches_are_drawn_by_the_seed_and_not_more_than_asked_for() -> None:
    one, again, other = (material(seed=seed, count=3) for seed in (3, 3, 4))
    names = [[work.name for work in made.windows] for made in (one, again, other)]
    assert names[0] == names[1]
    assert len(names[0]) == 3
    assert len(material(count=10_000).windows) <= music_material.MOST_PIECES
    assert len(one.others) <= len(one.windows)


@pytest.mark.parametrize(("count", "most"), [(5, 2), (1, 1)])
def test_there_is_a_bound_to_what_is_composed(monkeypatch, count: int, most: int) -> None:
    monkeypatch.setattr(music_material, "MOST_PIECES", 2)
    made = composed(count=count)
    assert made.made() == most


def test_the_seed_and_number_of_a_stretch_are_those_of_its_piece() -> None:
    made = composed(count=4)
    assert [(ask.seed, ask.first, ask.count) for ask in made.compose.asked] == [
        (3, n, 1) for n in range(4)
    ]
    assert {ask.values["count"] for ask in made.compose.asked} == {1}
    assert made.values == {"temperature": 0.9, "bars": 8, "key": "any"}


def changed(**fields) -> dict:
    """What is asked for a stretch of this kind."""
    label = fields.pop("label", "")
    work = Work(tune(100).replaced(**fields), label, "one")
    return material(test=[work], classes=("calm",)).ask(0).values


def test_key_metre_and_tempo_are_those_of_the_stretch() -> None:
    asked = changed(keys=((0, 3, True),), tempos=((0, 71.4),), metres=((0, 3, 4),))
    assert composing.key_of(asked["key"])[1] is True
    assert composing.metre_of(asked["metre"]) == (3, 4)
    assert asked["tempo"] == pytest.approx(71, abs=3)  # as the tokens say it
    assert asked["bars"] == 8


def test_what_the_model_cannot_be_asked_is_left_to_it() -> None:
    asked = changed(keys=(), metres=((0, 2, 4),))
    assert asked["key"] == composing.ANY
    assert "metre" not in asked
    made = material()
    made.model.config = {}
    assert "metre" not in made.ask(0).values


def test_only_classes_that_the_model_knows_are_asked_for() -> None:
    assert changed(label="calm")["class"] == "calm"
    assert "class" not in changed(label="wild")
    assert "class" not in changed()


def test_a_tempo_too_fast_to_be_asked_for_is_the_fastest() -> None:
    assert changed(tempos=((0, 900.0),))["tempo"] <= 300


# ---- what is composed ------------------------------------------------------------------------


class Odd(Composer):
    """Composes nothing for every second stretch; says more than pieces."""

    def __call__(self, model, ask):
        yield Progress(done=1, total=2)
        for output in super().__call__(model, ask):
            if isinstance(output, Music) and (output.passing or not ask.first % 2):
                yield output


def test_pieces_that_never_came_are_left_out_and_counted_as_done() -> None:
    made = material(compose=Odd([tune(200)]), count=5)
    said = list(made.prepare())
    assert [event.done for event in said] == [1, 2, 3, 4, 5]
    assert made.made() == 3
    new, real, _ = made.pieces()
    assert len(new) == len(real) == 3
    assert [one.real.name for one in made.composed] == [made.windows[n].name for n in (0, 2, 4)]
    assert all(one.seconds > 0 for one in made.composed)
    assert all(len(piece.notes) > 1 for piece in new)


def test_chances_name_what_shapes_a_piece() -> None:
    assert material().chances() == {"temperature": 0.9, "bars": 8}
    assert material(values={}).chances() == {}


def remarks(asked: int, **more) -> list[Log]:
    found = list(material(**more).remarks(asked))
    assert all(isinstance(one, Log) for one in found)
    return found


def test_words_where_numbers_deserve_them() -> None:
    (learnt, *_) = remarks(1, held_out=False)
    assert "No piece was kept" in learnt.text
    (few,) = remarks(1)
    assert few.level == "warning"
    assert f"{6 * 64:,} notes" in few.text
    assert remarks(1, test=works(20, 100)) == []
    texts = [one.text for one in remarks(500, test=works(20, 100), count=500)]
    assert len(texts) == 1
    assert "pieces are composed" in texts[0]


def test_lengths_of_stretches_are_those_of_the_composed() -> None:
    made = material(bars=4)
    assert {len(work.piece.bars()) - 1 for work in made.windows} == {4}
    assert {made.ask(n).values["bars"] for n in range(len(made.windows))} == {4}
    assert all(work.piece.length <= 16 * PPQ for work in made.windows)
