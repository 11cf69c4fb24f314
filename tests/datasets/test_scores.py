"""Pieces of a dataset: what is read, what is held out, what is left out and named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from genstudio.core.errors import BadInput, UsageError
from genstudio.core.paths import Home
from genstudio.datasets import editing, scores, store
from genstudio.datasets.parting import MANY
from genstudio.datasets.scores import open_all, open_scores
from genstudio.media import midi
from tests.datasets.folders import add, fill, png
from tests.helpers.pieces import chorale, same


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def made(home: Home, tmp_path: Path, pieces: dict[str, bytes]) -> Path:
    add(home, fill(tmp_path / "music", pieces))
    return home.datasets / "set"


def chorales(count: int, bars: int = 1) -> dict[str, bytes]:
    return {f"{n:03}.mid": midi.write(chorale(bars, 2, n)) for n in range(count)}


def test_of_few_pieces_the_last_bars_are_held_out(home: Home, tmp_path: Path) -> None:
    folder = made(home, tmp_path, chorales(3, bars=10))
    train, valid, test = open_all(folder, 0.2)
    assert (len(train), len(valid), len(test)) == (3, 3, 0)
    for kept, held in zip(train.scores, valid.scores, strict=True):
        assert kept.name == held.name
        whole = chorale(10, 2, int(kept.name[:3]))
        assert len(kept.piece.bars()) - 1 == 8
        assert same(kept.piece, whole.within(0, 8 * 1920).replaced(title=kept.piece.title))
        assert len(kept.piece.notes) + len(held.piece.notes) == len(whole.notes)
        assert held.piece.notes["start"].min() < 1920
    assert train.notes == sum(len(score.piece.notes) for score in train.scores)
    assert train.sha256 == store.load(home, "set").sha256


def test_of_many_pieces_whole_ones_are_held_out(home: Home, tmp_path: Path) -> None:
    folder = made(home, tmp_path, chorales(MANY))
    train, valid = open_scores(folder, "train", 0.1), open_scores(folder, "valid", 0.1)
    assert (len(train), len(valid)) == (45, 5)
    names = {score.name for score in (*train.scores, *valid.scores)}
    assert names == set(chorales(MANY))
    usual = open_scores(folder, "valid")
    assert 1 < len(usual) < 5
    assert {score.name for score in usual.scores} < {score.name for score in valid.scores}
    assert len(open_scores(folder, "train", 0.0)) == MANY


def test_folders_are_classes_and_tests(home: Home, tmp_path: Path) -> None:
    names = ["train/rock/a", "train/rock/b", "train/jazz/c", "train/jazz/d", "test/jazz/e"]
    pieces = {f"{name}.mid": midi.write(chorale(2, 1, n)) for n, name in enumerate(names)}
    train, _, test = open_all(made(home, tmp_path, pieces), 0.0)
    assert train.class_names == ("jazz", "rock")
    labels = {score.name: train.class_names[score.label] for score in train.scores}
    assert {labels[f"{name}.mid"] for name in names[:2]} == {"rock"}
    assert {labels[f"{name}.mid"] for name in names[2:4]} == {"jazz"}
    assert [(score.name, score.label) for score in test.scores] == [("test/jazz/e.mid", 0)]


def test_what_is_gone_or_changed_is_named(home: Home, tmp_path: Path) -> None:
    folder = made(home, tmp_path, chorales(4, bars=2))
    (tmp_path / "music" / "001.mid").unlink()
    (tmp_path / "music" / "002.mid").write_bytes(midi.write(chorale(3, 2, 99)))
    train = open_scores(folder, "train", 0.0)
    assert sorted(train.skipped) == ["001.mid", "002.mid"]
    assert sorted(score.name for score in train.scores) == ["000.mid", "003.mid"]


def test_excluded_pieces_are_left_out(home: Home, tmp_path: Path) -> None:
    folder = made(home, tmp_path, chorales(3))
    editing.change(folder, [{"row": 1, "excluded": True}])
    train = open_scores(folder, "train", 0.0)
    assert len(train) == 2
    assert not train.skipped


def test_pieces_without_notes_in_a_part_are_left_out(home: Home, tmp_path: Path) -> None:
    folder = made(home, tmp_path, chorales(2, bars=1))
    train, valid, _ = open_all(folder, 0.3)
    assert len(train) == 2
    assert len(valid) == 0


def test_other_data_and_splits_are_refused(home: Home, tmp_path: Path) -> None:
    add(home, fill(tmp_path / "pictures", {"a.png": png(1), "b.png": png(2)}))
    with pytest.raises(UsageError, match="holds no music but image"):
        open_scores(home.datasets / "set")
    with pytest.raises(UsageError, match="not 'all'"):
        open_scores(home.datasets / "set", "all")  # type: ignore[arg-type]


def test_too_much_music_is_refused(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made(home, tmp_path, chorales(2))
    monkeypatch.setattr(scores, "MAX_NOTES", 5)
    with pytest.raises(BadInput, match="more than 5 notes"):
        open_scores(folder)


def test_damaged_files_do_not_end_it(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made(home, tmp_path, chorales(3))
    read = midi.read

    def fails(data: bytes, name: str = "") -> object:
        if name == "001.mid":
            raise BadInput("no music")
        return read(data, name)

    monkeypatch.setattr(scores.scores, "read_any", fails)
    train = open_scores(folder, "train", 0.0)
    assert train.skipped == ("001.mid",)
    assert np.all([len(score.piece.notes) for score in train.scores])
