"""Which pieces are unseen: by the recipe of the model, with no piece on both sides."""

from __future__ import annotations

from pathlib import Path

import pytest

from genstudio.core.errors import BadInput
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.datasets import ingest, store
from genstudio.evaluation import music_splits
from genstudio.media import midi, note_tokens
from genstudio.media.notes import Piece
from tests.evaluation import musical
from tests.evaluation.musical import tune


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    found = Home(tmp_path_factory.mktemp("music"))
    kinds = {"calm": [tune(n) for n in range(30)], "wild": [tune(50 + n) for n in range(30)]}
    add(found, "tunes", kinds)
    add(found, "few", {"calm": [tune(n) for n in range(3)]})
    return found


def add(home: Home, name: str, kinds: dict[str, list[Piece]]) -> None:
    """A dataset of MIDI files in a folder for each kind."""
    place = home.root / "source" / name
    for kind, pieces in kinds.items():
        (place / kind).mkdir(parents=True)
        for number, piece in enumerate(pieces):
            (place / kind / f"{number}.mid").write_bytes(midi.write(piece))
    list(ingest.add(home, place, name))


def material(home: Home, name: str, holdout: float | None = 0.25, **values):
    """Of a model that was trained on the dataset with this share held out; None: another one."""
    data = store.folder_of(home, name)
    folder = home.root / f"package {name} {holdout}"
    sha256 = store.open_dataset(data).sha256 if holdout is not None else ""
    if holdout is not None and not folder.exists():
        folder.mkdir()
        settings = TrainerSettings(holdout=holdout)
        recipe = Recipe(family="lstm", model="m", data=name, settings=settings)
        (folder / "recipe.json").write_bytes(recipe.to_bytes())
    model = musical.model(note_tokens.make(("calm", "wild"), voices=2), folder, sha256)
    return music_splits.material_of(model, data, 4, 1, (None, {}), values)


def contents(works) -> set[bytes]:
    return {one.piece.notes.tobytes() for one in works}


def test_whole_pieces_are_held_out_as_the_recipe_says(home: Home) -> None:
    found = material(home, "tunes")
    assert (len(found.train), len(found.test)) == (45, 15)
    assert not contents(found.train) & contents(found.test)
    assert found.held_out
    assert found.data["split"] == "valid"
    assert {one.label for one in found.train} == {"calm", "wild"}
    assert len({one.name for one in found.train}) == 45


def test_another_model_is_asked_about_the_usual_share(home: Home) -> None:
    assert len(material(home, "tunes", None).test) == 3


def test_of_few_pieces_the_ends_are_held_out(home: Home) -> None:
    found = material(home, "few")
    assert len(found.train) == len(found.test) == 3
    assert [len(one.piece.bars()) - 1 for one in found.test] == [2] * 3


def test_where_nothing_was_kept_apart_it_is_said(home: Home) -> None:
    found = material(home, "tunes", 0.0)
    assert not found.held_out
    assert found.data["split"] == "train"
    assert len(found.train) == 60


def test_the_panel_says_how_many_bars(home: Home) -> None:
    assert material(home, "tunes").bars == music_splits.BARS
    assert material(home, "tunes", bars=4).bars == 4
    assert material(home, "tunes").stepper is None


def test_a_model_without_tokens_of_music_and_too_little_music_are_refused(home: Home) -> None:
    data = store.folder_of(home, "few")
    model = musical.model(note_tokens.make(), Path("nowhere"))
    model.__dict__["tokenizer"] = object()
    with pytest.raises(BadInput, match="has no tokens of music"):
        music_splits.material_of(model, data, 4, 1, (None, {}), {})
    add(home, "hardly", {"calm": [tune(1, bars=1, voices=1)]})
    with pytest.raises(BadInput, match="too few to measure anything"):
        material(home, "hardly")
