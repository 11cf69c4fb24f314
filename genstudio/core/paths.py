"""Where things live: the program's own folders and the user's data folder."""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import genstudio


def program_folder() -> Path:
    """The folder with `models/` and `resources/`: checkout, wheel or frozen program."""
    frozen = getattr(sys, "_MEIPASS", "")
    if frozen:
        return Path(frozen)
    package = Path(genstudio.__file__).resolve().parent
    inside = package / "_bundle"
    return inside if inside.is_dir() else package.parent


def bundled_models() -> Path:
    """Folder of the model packages that ship with the program (may be absent)."""
    return program_folder() / "models"


def resources() -> Path:
    """Folder of icons, licences and starter data that ship with the program."""
    return program_folder() / "resources"


def default_home() -> Path:
    """GENSTUDIO_HOME, or the folder chosen in the settings, or the system's place for data."""
    chosen = os.environ.get("GENSTUDIO_HOME", "")
    if chosen:
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_data_path

    with contextlib.suppress(OSError, ValueError):
        text = chosen_home_file().read_text(encoding="utf-8")[:4096].strip()
        if text and Path(text).is_absolute():
            return Path(text)
    return user_data_path("GenStudio", appauthor=False)


def chosen_home_file() -> Path:
    """The small file that names another data folder, written by the settings."""
    from platformdirs import user_config_path

    return user_config_path("GenStudio", appauthor=False) / "data-folder.txt"


@dataclass(frozen=True)
class Home:
    """The data folder. Folders are made when something is first written into them."""

    root: Path

    @property
    def models(self) -> Path:
        """Installed model packages, one folder each."""
        return self.root / "models"

    @property
    def gallery(self) -> Path:
        """Generated files, by day; each with its `.json` record."""
        return self.root / "gallery"

    @property
    def trash(self) -> Path:
        """Deleted gallery files until their days are over."""
        return self.root / "trash"

    @property
    def datasets(self) -> Path:
        """Datasets, one folder each."""
        return self.root / "datasets"

    @property
    def runs(self) -> Path:
        """Training runs, one folder each."""
        return self.root / "runs"

    @property
    def series(self) -> Path:
        """What was asked in sweeps and lists, so that they can be opened again."""
        return self.root / "series"

    @property
    def documents(self) -> Path:
        """Texts that are being written, one JSON file each with what belongs to it beside it."""
        return self.root / "documents"

    @property
    def pieces(self) -> Path:
        """Pieces of music that are being made, one JSON file each."""
        return self.root / "pieces"

    @property
    def spool(self) -> Path:
        """Results on their way from a worker to the gallery."""
        return self.root / "spool"

    @property
    def cache(self) -> Path:
        """Thumbnails and other things that can be made again."""
        return self.root / "cache"

    @property
    def logs(self) -> Path:
        """Log and crash files."""
        return self.root / "logs"

    @property
    def settings_file(self) -> Path:
        """What the user chose."""
        return self.root / "settings.json"

    @property
    def queue_file(self) -> Path:
        """Jobs that wait."""
        return self.root / "queue.json"

    @property
    def session_file(self) -> Path:
        """Panel, fields and window of the last session."""
        return self.root / "session.json"

    @property
    def styles_file(self) -> Path:
        """Styles of prompts that the user keeps."""
        return self.root / "styles.json"

    @property
    def templates_file(self) -> Path:
        """The user's own templates of texts."""
        return self.root / "templates.json"

    @property
    def index_file(self) -> Path:
        """SQLite index of the gallery; delete it and it is made again."""
        return self.root / "index.sqlite"

    @property
    def lock_file(self) -> Path:
        """Held by the one window that owns this folder."""
        return self.root / "studio.lock"
