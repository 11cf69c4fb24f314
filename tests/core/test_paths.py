"""Program folders in a checkout and a frozen program; the data folder and its variable."""

import sys
from pathlib import Path

from genstudio.core import paths


def test_checkout_finds_models_and_resources():
    assert (paths.program_folder() / "genstudio" / "core").is_dir()
    assert paths.bundled_models().parent == paths.resources().parent


def test_frozen_program_uses_its_own_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert paths.bundled_models() == tmp_path / "models"


def test_home_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("GENSTUDIO_HOME", str(tmp_path / "名前"))
    assert paths.default_home() == tmp_path / "名前"
    monkeypatch.delenv("GENSTUDIO_HOME")
    assert paths.default_home().name == "GenStudio"


def test_everything_lies_inside_the_data_folder():
    home = paths.Home(Path("/data"))
    for name in ("models", "gallery", "trash", "datasets", "runs", "spool", "cache", "logs"):
        assert getattr(home, name).parent == home.root
    for name in ("settings_file", "queue_file", "session_file", "index_file", "lock_file"):
        assert getattr(home, name).parent == home.root
