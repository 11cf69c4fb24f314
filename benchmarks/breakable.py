"""A data folder to break: small pictures and texts, tiny runs of every family, and a look for torn
files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from genstudio.core import files, run
from genstudio.core.errors import GenStudioError
from genstudio.core.manifest import MANIFEST, RECIPE, Manifest
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.core.run import CheckpointManifest, Run
from genstudio.media import image, sound_picture

DATA, SIDE, PER_CLASS = "small", 28, 40
TEXTS, SENTENCES = "lines", 60
SOUNDS, RATE = "tones", 2000
CLASSES = ("left", "right", "middle")
LINES = (run.METRICS_FILE, run.ADVICE_FILE, run.LOG_FILE)


def make_data(home: Home, per_class: int = PER_CLASS) -> Path:
    """Captioned pictures of three classes on the shelf, staying in a folder of their own, a few
    texts and a few sounds; the folder of the pictures."""
    from genstudio.workers import inline

    random, source = np.random.default_rng(5), home.root / "pictures"
    words = ["file,caption"]
    for number, name in enumerate(CLASSES):
        for item in range(per_class):
            pixels = random.integers(0, 60, (SIDE, SIDE, 1), dtype=np.uint8)
            start = 4 + 7 * number
            pixels[6:22, start : start + 6] = random.integers(120, 256)
            files.write_bytes(source / name / f"{item:03d}.png", image.png(pixels))
            words.append(f"{name}/{item:03d}.png,a bright bar on the {name}")
    files.write_text(source / "captions.csv", "\n".join(words))
    body = {"path": str(source), "name": DATA, "copy": False, "licence": "MIT", "attribution": ""}
    list(inline.run("files", "add_dataset", body, home))
    written = home.root / "texts"
    for number in range(3):
        lines = (f"A {random.choice(CLASSES)} bar stands still.\n" for _ in range(SENTENCES))
        files.write_text(written / f"{number}.txt", "".join(lines))
    list(inline.run("files", "add_dataset", {**body, "path": str(written), "name": TEXTS}, home))
    heard, time = home.root / "sounds", np.arange(300) / RATE
    for number in range(6):
        wave = 0.8 * np.sin(2 * np.pi * (150 + 30 * number) * time) * np.exp(-time * 20)
        files.write_bytes(heard / f"{number}.wav", sound_picture.wav(wave.astype(np.float32), RATE))
    list(inline.run("files", "add_dataset", {**body, "path": str(heard), "name": SOUNDS}, home))
    return source


def begin(home: Home, family: str, **settings: Any) -> str:
    """A new run of the family's tiny preset; its name."""
    from genstudio import families
    from genstudio.workers import inline

    data = {"text": TEXTS, "sound": SOUNDS}.get(families.family(family).data_kind, DATA)
    chosen = {
        "batch": 16, "threads": 1, "steps": 60, "checkpoint_seconds": 0.25, "sample_every": 20,
        "validate_every": 10, "flip": True, **settings,
    }  # fmt: skip
    recipe = Recipe(
        family=family, model=f"broken-{family}", data=data, preset="tiny", seed=3,
        settings=TrainerSettings.model_validate(chosen),
    )  # fmt: skip
    body = {"recipe": recipe.model_dump(mode="json", exclude_unset=True)}
    *_, done = inline.run("train", "begin", body, home)
    return str(done.data["run"])


def checkpoint_folders(home: Home, name: str) -> list[Path]:
    """Checkpoints of a run by step."""
    return sorted((home.runs / name / run.CHECKPOINTS).glob("step-*"))


def traces(home: Home, name: str) -> dict[str, str]:
    """SHA-256 of weights, averages, optimisers, state and log of a run at its newest checkpoint."""
    last = checkpoint_folders(home, name)[-1]
    manifest = CheckpointManifest.read(last / "manifest.json")
    found = {entry.name: entry.sha256 for entry in manifest.files}
    log = files.sha256_of(home.runs / name / run.METRICS_FILE)
    return {"step": str(manifest.step), **found, "log": log}


def faults(home: Home, name: str) -> Iterator[str]:
    """Every file of a run that is neither whole nor absent; what a kill must never leave.

    A torn last line of a log is not a fault: its reader drops it, the next start cuts it away.
    """
    from genstudio.training import checkpoint

    folder = home.runs / name
    for path in checkpoint_folders(home, name):
        yield from _try(lambda path=path: checkpoint.load(path, "cpu"), path)
    yield from _try(lambda: Run.read(folder / run.RUN_FILE), folder / run.RUN_FILE)
    yield from _try(lambda: Recipe.read(folder / run.RECIPE_FILE), folder / run.RECIPE_FILE)
    for log in LINES:
        yield from _try(lambda log=log: _lines(folder / log), folder / log)
    for path in (folder / run.SAMPLES).glob("step-*.png"):
        yield from _try(lambda path=path: image.read(path), path)
    package = folder / "package"
    if package.exists():
        yield from _try(lambda: _package(package), package)


def _try(look: Any, path: Path) -> Iterator[str]:
    try:
        look()
    except (GenStudioError, OSError, ValueError) as error:
        yield f"{path}: {error}"


def _lines(path: Path) -> None:
    if path.is_file():
        for line in path.read_bytes().split(b"\n")[:-1]:
            json.loads(line)


def _package(folder: Path) -> None:
    manifest = Manifest.read(folder / MANIFEST)
    Recipe.read(folder / RECIPE)
    for entry in manifest.files:
        if files.sha256_of(folder / entry.name) != entry.sha256:
            raise ValueError(f"{entry.name} is not as written")
