"""Scores of composed pieces: perfect ones, faulty ones, and what each score carries."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.core import composing
from genstudio.core.errors import GenStudioError, UsageError
from genstudio.core.events import Log
from genstudio.evaluation import music_copies, music_likeness, music_rules, music_sounding, registry
from genstudio.evaluation.music_likeness import LOOKS, apart, compared, summed
from genstudio.evaluation.music_pieces import Work
from genstudio.media.notes import Piece, Track
from tests.evaluation import musical
from tests.evaluation.musical import Composer, beat, composed, tune, works

OF_MUSIC = {
    "bits_per_note", "bits_per_quarter", "composing_speed", "form", "in_scale", "key_asked",
    "leaps", "note_for_note", "note_lengths", "note_places", "parallels", "scale_steps",
    "sounds_right",
}  # fmt: skip


def scores(material, *names: str) -> dict[str, object]:
    return {
        score.metric: score
        for metric in registry.chosen(names, material)
        for score in metric.measure(material)
    }


def with_pitches(piece: Piece, change) -> Piece:
    notes = piece.notes.copy()
    notes["pitch"] = change(notes)
    return piece.replaced(notes=notes)


def test_all_measures_of_music_suit_it_and_none_of_others() -> None:
    assert {metric.name for metric in registry.chosen((), musical.material())} == OF_MUSIC
    with pytest.raises(UsageError, match="there are no unseen text"):
        registry.chosen(("perplexity",), musical.material())
    mute = musical.material(stepper=None, compose=None)
    assert registry.chosen((), mute) == []
    with pytest.raises(GenStudioError, match="cannot be asked for tokens"):
        mute.needed_stepper()


def test_drums_are_asked_what_is_struck_and_nothing_about_keys() -> None:
    drums = [Work(beat(n), "", f"beat {n}") for n in range(6)]
    found = composed(
        composes=[beat(50 + n) for n in range(6)], train=drums[:4], test=drums[4:],
        made_with={"drums": "only"}, count=2,
    )  # fmt: skip
    assert {metric.name for metric in registry.chosen((), found)} == OF_MUSIC - {
        "scale_steps", "note_lengths", "leaps", "in_scale", "key_asked", "parallels"
    } | {"drum_hits"}  # fmt: skip
    assert scores(found, "drum_hits")["drum_hits"].value < 0.05


def test_a_model_that_gives_real_pieces_back_is_as_good_as_real() -> None:
    test = works(6, 100)
    found = musical.material(test=test)
    found.compose = Composer([one.piece for one in found.windows])
    for _ in found.prepare():
        pass
    every = scores(found)
    for look in LOOKS:
        if look.name in every:
            assert every[look.name].value == pytest.approx(0, abs=1e-9)
            assert every[look.name].floor >= 0
    assert every["form"].value == pytest.approx(0, abs=1e-9)
    assert every["in_scale"].value == every["in_scale"].floor == 1
    assert every["parallels"].value == pytest.approx(every["parallels"].floor, rel=1e-5)
    assert every["key_asked"].value == every["key_asked"].floor == 1
    assert every["sounds_right"].value >= 0.8
    assert every["note_for_note"].value < 0.1
    assert every["composing_speed"].value > 1


def test_a_model_that_repeats_training_pieces_is_caught_in_any_key() -> None:
    train = works(8)
    copies = [one.piece.transposed(3) for one in train[:6]]
    found = composed(composes=copies, train=train)
    score = scores(found, "note_for_note")["note_for_note"]
    assert score.value > 0.9
    assert score.floor < 0.1
    assert score.settings["longest_run"] >= 30
    assert score.settings["longest_source"].startswith("tune ")
    assert score.settings["pieces_with_copies"] == 6


def test_wrong_notes_lengths_places_and_keys_are_seen() -> None:
    rng = np.random.default_rng(0)
    good = [tune(200 + n) for n in range(6)]
    wild = [with_pitches(one, lambda notes: rng.integers(40, 80, len(notes))) for one in good]
    late = []
    for one in good:
        notes = one.notes.copy()
        notes["start"] += 160
        notes["duration"] = 100
        late.append(one.replaced(notes=notes))
    names = ("scale_steps", "leaps", "in_scale", "key_asked", "note_lengths", "note_places")
    fine, odd, off = (scores(composed(composes=some), *names) for some in (good, wild, late))
    for name in ("scale_steps", "leaps"):
        assert odd[name].value > fine[name].value + 0.1
        assert odd[name].low > fine[name].floor
    assert odd["in_scale"].value < 0.85
    assert odd["in_scale"].high < odd["in_scale"].floor
    assert odd["key_asked"].value == pytest.approx(7 / 12, abs=0.05)
    assert fine["key_asked"].value == 1
    for name in ("note_lengths", "note_places"):
        assert off[name].value == pytest.approx(1, abs=1e-6)
        assert fine[name].value < 0.05


def test_voices_in_parallel_are_counted() -> None:
    def fifths(notes):
        beats = notes["start"] // 480
        upper = 64 + beats % 3 + beats // 3 % 2
        lower = upper - np.where(beats % 3 == 2, 4, 7)  # two fifths, then a third
        return np.where(notes["track"] == 0, upper, lower)

    pieces = [with_pitches(tune(n), fifths) for n in range(3)]
    score = scores(composed(composes=pieces), "parallels")["parallels"]
    assert score.value > 30
    assert score.floor < score.low
    assert score.settings["counted"] == "moves"
    alone = musical.material(test=works(3, voices=1), train=works(3, voices=1))
    assert not alone.has("several voices")


def test_a_bar_over_and_over_is_another_form() -> None:
    pieces = []
    for number in range(6):
        bar = tune(number, bars=1).notes
        parts = []
        for place in range(8):
            part = bar.copy()
            part["start"] += 4 * 480 * place
            parts.append(part)
        pieces.append(tune(number).replaced(notes=np.concatenate(parts)))
    score = scores(composed(composes=pieces), "form")["form"]
    assert score.value > 0.5
    assert score.low > score.floor
    assert set(score.settings["by_lag"].values()) == {1.0}
    assert max(score.settings["by_lag_real"].values()) < 0.5


def test_silent_and_odd_pieces_do_not_sound_right() -> None:
    silent = Piece(notes=tune(1).notes[:0], tracks=(Track(),))
    high = with_pitches(tune(1), lambda notes: notes["pitch"] + 40)
    score = scores(composed(composes=[silent, high, tune(1)]), "sounds_right")["sounds_right"]
    assert score.value == pytest.approx(1 / 3)
    assert score.floor > 0.5
    assert set(score.settings["by_sound"]) == set(music_sounding.NUMBERS)
    assert music_sounding.sounding(silent).tolist() == [music_sounding.QUIETEST, 1, 0, 0, 0]


def test_numbers_of_a_sound() -> None:
    loudness, silence, low, high, voices = music_sounding.sounding(tune(1))
    assert -60 < loudness < 0
    assert silence < 0.2
    assert (low, high) == (tune(1).notes["pitch"].min(), tune(1).notes["pitch"].max())
    assert voices == 2


def test_usual_leaves_room_for_what_nobody_hears() -> None:
    real = np.tile([-20.0, 0.1, 40, 80, 2.0], (20, 1))
    assert music_sounding.usual(real + music_sounding.ROOM, real).all()
    assert not music_sounding.usual(real + 1.01 * music_sounding.ROOM, real).any()


def test_pieces_without_pitches_give_no_score_of_pitches() -> None:
    found = composed(composes=[Piece(notes=tune(1).notes[:0], tracks=(Track(),) * 2)])
    assert music_rules.in_scale(found) == []
    assert music_rules.parallels(found) == []
    assert scores(found, "scale_steps")["scale_steps"].value == 1
    bare = composed(test=works(4, 100, key=False), train=works(4))
    assert music_rules.key_asked(bare) == []


def test_a_model_is_asked_for_what_the_unseen_stretch_is() -> None:
    test = works(4, 100, label="calm", tonic=62)
    found = composed(test=test, classes=("calm", "wild"), count=3)
    asked = found.compose.asked
    assert [(ask.first, ask.count, ask.seed) for ask in asked] == [(0, 1, 3), (1, 1, 3), (2, 1, 3)]
    values = asked[0].values
    assert values["key"] == "D major"
    assert values["metre"] == "4/4"
    assert values["class"] == "calm"
    assert (values["bars"], values["count"], values["temperature"]) == (8, 1, 0.9)
    assert abs(values["tempo"] - 100) <= 4  # as near as there are tokens for
    other = composed(test=works(2, key=False), train=works(2))
    assert other.compose.asked[0].values["key"] == composing.ANY
    assert "class" not in other.compose.asked[0].values


def test_composed_pieces_stand_beside_the_stretch_they_were_asked_for() -> None:
    found = musical.material(count=4)
    steps = list(found.prepare())
    assert [(step.done, step.total) for step in steps] == [(n, 4) for n in range(1, 5)]
    assert found.made() == 4
    made, real, other = found.pieces()
    assert len(made) == len(real) == len(other) == 4
    assert [len(piece.notes) for piece in made] == [64] * 4  # no passing ones
    score = scores(found, "form")["form"]
    assert score.samples == score.settings["real"] == 4
    assert score.settings["values"] == {"temperature": 0.9, "bars": 8}
    assert score.settings["kind"] == "music"


def test_remarks_on_few_pieces() -> None:
    some = [event for event in musical.material().remarks(500) if isinstance(event, Log)]
    assert [event.level for event in some] == ["warning", "info"]
    assert "Only 384 notes were kept from training" in some[0].text
    assert "6 pieces are composed" in some[1].text
    many = musical.material(test=works(6, 100, bars=24), count=4)
    assert list(many.remarks(4)) == []
    (seen,) = musical.material(test=works(6, bars=24), held_out=False).remarks(4)
    assert "No piece was kept from training" in seen.text
    (copied,) = music_copies.note_for_note(composed(held_out=False))
    assert copied.floor is None


def test_distances_of_rows() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.random((9, 5)), rng.random((7, 5))
    value, (low, high) = compared(a, b, summed)
    assert low < value < high
    assert value == summed(a, b)
    assert compared(a[:1], b, apart) == (apart(a[:1], b), (apart(a[:1], b),) * 2)
    empty = np.full((3, 2), np.nan)
    assert apart(empty, empty) == 0
    half = np.array([[1.0, np.nan], [np.nan, np.nan]])
    assert apart(half, np.zeros((2, 2))) == 1


def test_numbers_of_those_that_have_one() -> None:
    found = music_likeness.numbers([tune(1), beat(1)], lambda p: None if p.tracks[0].drums else 1)
    assert found.tolist() == [1]
