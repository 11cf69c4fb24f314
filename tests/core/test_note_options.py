"""Options of models of music: what belongs to which kind of data, and what they begin with."""

from __future__ import annotations

import pytest

from genstudio import families
from genstudio.core import note_options, text_options
from genstudio.core.controls import check_values
from genstudio.core.dataset import Dataset
from genstudio.studio import kinds, recipes

WRITERS = ("lstm", "transformer")


def test_defaults_are_allowed_values() -> None:
    found = check_values(note_options.SHARED, {})
    assert found == {
        "grid": "12", "voices": 0, "levels": "auto", "timing": "auto", "surprise": 0.9
    }  # fmt: skip
    assert check_values(note_options.SHARED, {"grid": 24, "levels": 8})["grid"] == "24"


@pytest.mark.parametrize("name", WRITERS)
def test_forms_show_what_means_something(name: str) -> None:
    family = families.family(name)
    shown = {
        kind: {option.name for option in family.options_for(kind)} for kind in ("text", "music")
    }
    assert shown["text"] - shown["music"] == set(text_options.ONLY["text"])
    assert shown["music"] - shown["text"] == set(text_options.ONLY["music"])
    assert {"context", "width", "fim", "drop"} <= shown["text"] & shown["music"]


def test_other_families_show_everything() -> None:
    family = families.family("vae")
    assert family.options_for("image") == family.options
    assert not family.learns("music")
    assert family.modality_for("image") == "image"


@pytest.mark.parametrize("name", WRITERS)
def test_models_are_of_the_kind_they_learnt(name: str) -> None:
    family = families.family(name)
    assert family.learns("text")
    assert family.learns("music")
    assert not family.learns("image")
    assert (family.modality_for("text"), family.modality_for("music")) == ("text", "music")


@pytest.mark.parametrize("name", WRITERS)
def test_music_learns_to_fill_gaps_from_the_start(name: str) -> None:
    music, text = (Dataset(name="set", title="Set", kind=kind) for kind in ("music", "text"))
    assert recipes.from_scratch(name, music).options["fim"] is True
    assert "fim" not in recipes.from_scratch(name, text).options
    family = families.family(name)
    assert kinds.fits(family, music)
    assert kinds.open_options(family, None, music) == family.options_for("music")
    assert family in kinds.fitting(music)
