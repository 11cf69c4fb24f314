"""Sizes of the data folder, cleaning, the choice of another one."""

from __future__ import annotations

import os
import sys
from types import SimpleNamespace

import pytest

from genstudio.core.errors import GenStudioError
from genstudio.core.paths import Home
from genstudio.ui import data_folder
from genstudio.ui.data_folder import Measurer, folder_size, measure, parts_of


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "名前 ünï")


def fill(folder, *sizes):
    for number, size in enumerate(sizes):
        path = folder / f"sub{number % 2}" / f"file{number}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * size)


def test_every_folder_is_counted(home):
    fill(home.gallery, 100, 200)
    fill(home.models, 50)
    sizes = {part.key: part.bytes for part in measure(home)}
    assert sizes == {
        "models": 50,
        "gallery": 300,
        "trash": 0,
        "datasets": 0,
        "runs": 0,
        "cache": 0,
        "logs": 0,
    }


def test_only_what_can_be_made_again_may_be_cleaned(home):
    cleanable = {key for key, _title, _folder, clean in parts_of(home) if clean}
    assert cleanable == {"trash", "cache", "logs"}


def test_links_are_not_followed(home, tmp_path):
    fill(home.cache, 10)
    outside = tmp_path / "outside"
    fill(outside, 5000)
    (home.cache / "link").symlink_to(outside, target_is_directory=True)
    assert folder_size(home.cache) < 5000


def test_folder_that_cannot_be_read_counts_nothing(home):
    if sys.platform == "win32" or os.geteuid() == 0:
        pytest.skip("permissions do not bind this user")
    fill(home.cache, 10)
    home.cache.chmod(0)
    assert folder_size(home.cache) == 0
    home.cache.chmod(0o755)


def test_measuring_beside_the_window(home, qtbot):
    fill(home.logs, 7)
    measurer = Measurer(home)
    with qtbot.waitSignal(measurer.measured) as answer:
        measurer.start()
    parts = {part.key: part for part in answer.args[0]}
    assert parts["logs"].bytes == 7
    assert parts["logs"].clean == "Clear"
    measurer.wait()


@pytest.mark.parametrize(("key", "words"), [("cache", "cleared"), ("logs", "cleared")])
def test_cleaning_leaves_the_folder(home, key, words):
    folder = {"cache": home.cache, "logs": home.logs}[key]
    fill(folder, 1, 2, 3)
    studio = SimpleNamespace(home=home)
    assert words in data_folder.clean(studio, key)
    assert folder.is_dir()
    assert list(folder.iterdir()) == []
    assert words in data_folder.clean(studio, key), "nothing to clean is fine"


def test_cleaning_of_what_was_never_there(home):
    assert data_folder.clean(SimpleNamespace(home=home), "cache")


@pytest.mark.parametrize(("count", "words"), [(0, "0 files"), (1, "1 file "), (2, "2 files")])
def test_trash_in_words(home, count, words):
    gallery = SimpleNamespace(purge=lambda days: count)
    said = data_folder.clean(SimpleNamespace(home=home, gallery=gallery), "trash")
    assert said.startswith(words)


def test_choice_is_kept_and_forgotten(tmp_path, monkeypatch):
    place = tmp_path / "config" / "data-folder.txt"
    monkeypatch.setattr(data_folder, "chosen_home_file", lambda: place)
    wanted = tmp_path / "other ünï"
    data_folder.choose_for_next_start(wanted)
    assert wanted.is_dir()
    assert place.read_text(encoding="utf-8") == str(wanted)
    data_folder.forget_choice()
    assert not place.exists()
    data_folder.forget_choice()


def test_refused_choice_says_why(tmp_path, monkeypatch):
    def refuse(*_words):
        raise GenStudioError("This place cannot be written")

    monkeypatch.setattr(data_folder.files, "write_text", refuse)
    with pytest.raises(GenStudioError, match="cannot be written"):
        data_folder.choose_for_next_start(tmp_path / "x")
