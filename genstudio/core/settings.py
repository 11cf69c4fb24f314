"""Settings: declared with the same controls as everything else."""

from __future__ import annotations

from typing import Literal

from genstudio.core.artifact import MetadataLevel
from genstudio.core.controls import Choice, Control, Int, Option, Switch
from genstudio.core.stored import Stored


class Settings(Stored):
    """What the user chose; kept in `settings.json` of the data folder."""

    theme: Literal["system", "dark", "light"] = "system"
    device: Literal["auto", "cpu", "cuda"] = "auto"
    threads: int = 0
    memory_mb: int = 0
    metadata: MetadataLevel = "full"
    trash_days: int = 30
    keep_unfinished: bool = True
    motion: Literal["system", "off"] = "system"
    soundfont: str = ""
    """Path of the SoundFont that plays music; "" for the one that ships with the program. It is
    chosen by a dialog of files, so it has no control here."""


CONTROLS: tuple[Control, ...] = (
    Choice(
        name="theme",
        label="Theme",
        default="system",
        help="Dark or light; “system” follows the desktop.",
        options=(
            Option(value="system", label="System"),
            Option(value="dark", label="Dark"),
            Option(value="light", label="Light"),
        ),
    ),
    Choice(
        name="device",
        label="Device",
        default="auto",
        help="Where models run. “Automatic” takes CUDA where it really works.",
        options=(
            Option(value="auto", label="Automatic"),
            Option(value="cpu", label="CPU"),
            Option(value="cuda", label="CUDA"),
        ),
    ),
    Int(
        name="threads",
        label="CPU threads",
        default=0,
        low=0,
        high=256,
        help="0 leaves one core free for the window.",
    ),
    Int(
        name="memory_mb",
        label="Memory limit",
        default=0,
        low=0,
        high=1_000_000,
        step=256,
        unit="MB",
        help="For the generating process; 0 means no limit. Large requests are cut into batches.",
    ),
    Choice(
        name="metadata",
        label="Metadata in exports",
        default="full",
        help="What is written into exported files besides the pixels.",
        options=(
            Option(value="full", label="Full: settings, model and AI label"),
            Option(value="label", label="Label only: made by AI"),
            Option(value="bare", label="Bare pixels"),
        ),
    ),
    Switch(
        name="keep_unfinished",
        label="Keep unfinished pictures",
        default=True,
        help="Stopping keeps the last preview of each picture as a result, marked as unfinished.",
    ),
    Int(
        name="trash_days",
        label="Keep trash for",
        default=30,
        low=1,
        high=3650,
        unit="days",
        help="Deleted results can be brought back until then.",
    ),
    Choice(
        name="motion",
        label="Motion",
        default="system",
        help="“Off” shows every change at once.",
        options=(Option(value="system", label="System"), Option(value="off", label="Off")),
    ),
)
