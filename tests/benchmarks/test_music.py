"""The figures of music: what is recorded, what is compared. (The figures are not tests.)"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from benchmarks import music, music_likelihood
from benchmarks.music_likelihood import Reading, against, cost, training_rows
from genstudio.core.paths import bundled_models
from genstudio.core.recipe import Recipe
from genstudio.engine.device import choose
from genstudio.engine.loaded_model import LoadedModel
from genstudio.evaluation.music_pieces import Work, row, rows
from genstudio.media import note_tokens
from tests.evaluation.musical import beat, tune, works
from tests.helpers import players
from tests.helpers.players import ChanceStepper


def test_each_call_is_made_again_beside(monkeypatch):
    ticks = iter(range(100))
    monkeypatch.setattr(music.time, "perf_counter", lambda: float(next(ticks)))
    inner, bare, alone = ChanceStepper(20), ChanceStepper(20), ChanceStepper(20)
    beside = music.Beside(inner, bare)
    assert beside.context == inner.context
    for stepper in (beside, alone):
        first = stepper.begin(np.array([[1, 2, 3]]))
        stepper.pick(np.array([0, 0]))
        second = stepper.step(np.array([4, 5]))
        if stepper is beside:
            kept = first, second
    np.testing.assert_array_equal(kept[0], first)
    np.testing.assert_array_equal(kept[1], second)
    assert bare.calls == inner.calls == {"begin": 1, "step": 1, "pick": 1}
    assert (beside.calls, beside.seconds) == (3, 3.0), "only the calls beside count"


def test_composing_is_held_against_its_own_calls(tmp_path):
    folder = players.package(tmp_path / "player", bars=2, metres=["4/4"])
    with LoadedModel.open(folder, choose("cpu", 1)) as model:
        plays, loop = music.composing(model, 1, 1, "by chance")
    assert "1 bars of 4 voices" in plays.name
    assert "for 2.0 s" in plays.note  # a bar at 120 quarters a minute
    assert loop.value > 0
    assert loop.bar == music.LOOP


def test_a_short_piece_is_rendered_and_held_against_how_long_it_plays():
    row = music.rendering(0.005, 1)
    assert (row.bar, row.wanted) == (music.RENDER, "at least")
    assert row.value > 0
    assert "0.005 min" in row.name


def test_a_quick_package_is_built_small_in_the_shape_of_the_recipe(tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr(music, "build", lambda *told: made.append(told))
    folder, said = music.model_folder(tmp_path, quick=True)
    ((place, family, options),) = made
    assert (place, folder.parent) == (folder, tmp_path)
    assert "random weights" in said
    recipe = Recipe.read(bundled_models() / music.MODEL / "recipe.json")
    assert family == recipe.family
    assert options == {**recipe.options, "width": 64, "layers": 1, "heads": 2}


def test_a_package_is_built_with_what_is_asked_of_it(tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr(music.token_package, "build", lambda *told: made.append(told))
    music.build(tmp_path, "transformer", {"width": 64, "layers": 1, "heads": 2})
    ((folder, family, config, tokenizer, modality),) = made
    assert (folder, family, modality) == (tmp_path, "transformer", "music")
    assert (config["voices"], config["width"]) == (music.VOICES, 64)
    assert config["tempo"] == music.TEMPO
    assert note_tokens.make(voices=music.VOICES).to_bytes() == tokenizer


def test_instruments_are_the_models_own_or_a_quartet(tmp_path):
    def played(name, **config):
        folder = players.package(tmp_path / name, metres=["4/4"], **config)
        with LoadedModel.open(folder, choose("cpu", 1)) as model:
            stepper = ChanceStepper(model.tokenizer.size)
            piece = music.composed(model, stepper, 1)
        assert piece.tempos == ((0, music.TEMPO),)
        assert piece.metres == ((0, 4, 4),)
        return [track.program for track in piece.tracks]

    assert played("own", instruments=[73, 42]) == [73, 42]
    assert played("any") == [40, 40, 41, 42]


def test_the_busy_piece_has_as_many_tracks_and_minutes_as_it_says():
    piece = music.busy(0.5)
    assert len(piece.tracks) == music.TRACKS
    assert set(piece.notes["track"].tolist()) == set(range(music.TRACKS))
    assert piece.seconds(int(piece.bars()[-1])) == pytest.approx(30)


class Uniform(torch.nn.Module):
    """Says the same of every token."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size

    def forward(self, tokens: torch.Tensor) -> SimpleNamespace:
        return SimpleNamespace(logits=torch.zeros(*tokens.shape, self.size))


def test_equal_chances_cost_as_many_bits_as_there_are_tokens():
    tokenizer = note_tokens.make(voices=2)
    held = rows(works(3), tokenizer, 1000, 1)
    found = cost(Reading(Uniform(tokenizer.size), 256), tokenizer, held)
    tokens = sum(int(one.lengths.sum()) for one in held)
    assert found.note[0] == pytest.approx(np.log2(tokenizer.size) * tokens / (3 * 64), rel=1e-5)
    assert found.quarter[0] == pytest.approx(2 * found.note[0], rel=1e-5)


def test_training_rows_are_those_of_the_trainer_in_all_keys():
    tokenizer = note_tokens.make(("calm",), voices=2)
    found = list(training_rows(tokenizer, [Work(tune(1), "calm"), Work(beat(1))]))
    assert len(found) == 12  # drums are nothing that these tokens can say
    made = row(tokenizer, Work(tune(1), "calm"))
    assert {int(ids[0]) for ids in found} == {made.lead}
    assert any(ids[1:].tolist() == tokenizer.window(made.cells) for ids in found)
    high = tune(1).transposed(50)
    assert 0 < len(list(training_rows(tokenizer, [Work(high)]))) < 12


def test_a_model_is_held_against_a_reference_by_note_and_by_quarter():
    one = music_likelihood.Cost((3.0, 2.9, 3.1), (6.0, 5.5, 6.5))
    other = music_likelihood.Cost((4.0, 3.9, 4.1), (5.0, 4.5, 5.5))
    note, quarter = against("bach", one, "Markov", other, "said")
    assert (note.value, note.met) == (0.75, True)
    assert (quarter.value, quarter.met) == (1.2, False)
    assert note.note == "3 (2.9 to 3.1) against 4 (3.9 to 4.1) bits; said"
