"""Run folders as a training leaves them, without a training; and what answers for one."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from PySide6.QtCore import QBuffer
from PySide6.QtGui import QColor, QImage

from genstudio.core import files
from genstudio.core.errors import UsageError
from genstudio.core.events import Advice, Remedy
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.core.run import ADVICE_FILE, LOG_FILE, METRICS_FILE, RUN_FILE, SAMPLES, Run

STEPS = 100


def recipe(**changes: Any) -> Recipe:
    """A recipe of a small training."""
    values: dict[str, Any] = {
        "family": "vae",
        "model": "vae-shapes",
        "title": "Shapes (VAE)",
        "data": "shapes",
        "options": {"latent": 8},
        "settings": TrainerSettings(steps=STEPS, batch=16),
    }
    return Recipe(**{**values, **changes})


def sheet(path: Path, colour: str, side: int = 8, rows: int = 4) -> None:
    """A sheet of 10 columns of tiles in one colour, each with a brighter corner."""
    image = QImage(side * 10, side * rows, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    for place in range(10 * rows):
        image.setPixelColor(place % 10 * side, place // 10 * side, QColor("#ffffff"))
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    files.write_bytes(path, bytes(buffer.data()))


def rows(steps: int, validate_every: int = 20) -> list[dict[str, float]]:
    """Rows of metrics.jsonl: a loss that falls, a validation that rises again at the end."""
    made: list[dict[str, float]] = []
    for step in range(1, steps + 1):
        made.append({"step": step, "loss/bound": 200.0 / step, "kl": 0.1 * step,
                     "gradient/bound": 3.0})  # fmt: skip
        if step % validate_every == 0:
            worse = max(0, step - 60)
            made.append({"step": step, "valid/bound": 220.0 / step + worse, "valid/kl": 1.0})
            made.append({"step": step, "watch/diversity": 0.8, "watch/nearest": 1.02})
    return made


def write_rows(path: Path, found: list[dict[str, Any]]) -> None:
    """JSON lines, whole."""
    files.write_bytes(path, "".join(json.dumps(row) + "\n" for row in found).encode())


def add_rows(path: Path, found: list[dict[str, Any]]) -> None:
    """More lines at the end."""
    for row in found:
        files.append_line(path, json.dumps(row))


def warning(step: int = 80) -> Advice:
    """What the doctor says of a run that learns by heart."""
    return Advice(
        step=step,
        name="overfitting",
        level="warning",
        text="Validation rises while training falls: it begins to learn pictures by heart.",
        remedies=(
            Remedy(title="Stop at best", action="keep"),
            Remedy(title="More augmentation", action="amend", settings={"cutout": 0.2}),
            Remedy(title="Start smaller", action="restart", options={"latent": 4}),
        ),
    )


def keep(
    home: Home,
    number: int = 1,
    state: str = "stopped",
    steps: int = 80,
    sheets: int = 4,
    advice: tuple[Advice, ...] = (),
    **changes: Any,
) -> Run:
    """Write a whole run folder; returns its run."""
    own = recipe(**changes.pop("recipe", {}))
    values: dict[str, Any] = {
        "id": f"{number:04d}-{own.model}",
        "recipe": own,
        "state": state,
        "step": steps,
        "seconds": 40.0,
        "created": "2026-11-20T10:00:00+00:00",
        "device": "CPU",
        "best_step": 60 if steps >= 60 else 0,
        "pid": os.getpid() if state == "running" else 0,
    }
    run = Run(**{**values, **changes})
    folder = home.runs / run.id
    files.write_bytes(folder / RUN_FILE, run.to_bytes())
    write_rows(folder / METRICS_FILE, rows(steps))
    for place in range(sheets):
        sheet(folder / SAMPLES / f"step-{(place + 1) * 20:06d}.png", f"#{40 * place:02x}6699")
    write_rows(folder / ADVICE_FILE, [json.loads(one.model_dump_json()) for one in advice])
    write_rows(folder / LOG_FILE, [
        {"step": 0, "level": "info", "text": "Begins.", "at": "2026-11-20T10:00:00+00:00"},
        {"step": 20, "level": "warning", "text": "Memory ran out.", "at": ""},
    ])  # fmt: skip
    return run


def change(home: Home, run: Run, **changes: Any) -> Run:
    """Write run.json anew."""
    made = run.model_copy(update=changes)
    files.write_bytes(home.runs / run.id / RUN_FILE, made.to_bytes())
    return made


class FakeDesk:
    """Answers for `studio.trainings` and remembers; `refuse` is raised by the next call."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.jobs: dict[str, str] = {}
        self.refuse: UsageError | None = None

    def _note(self, *words: Any) -> str:
        if self.refuse is not None:
            error, self.refuse = self.refuse, None
            raise error
        self.asked.append(words)
        return f"j{len(self.asked)}"

    def start(self, wanted: Recipe, base: str = "") -> str:
        return self._note("start", wanted.model)

    def pause(self, run: str) -> None:
        self._note("pause", run)

    def resume(self, run: str) -> str:
        self.jobs[run] = self._note("resume", run)
        return self.jobs[run]

    def keep(self, run: str) -> str:
        return self._note("keep", run)

    def try_out(self, run: str) -> str:
        return self._note("try", run)

    def apply(self, run: str, remedy: Remedy) -> str:
        return self._note("apply", run, remedy.action)

    def job_of(self, run: str) -> str:
        return self.jobs.get(run, "")


def quiet_training(heard: list[tuple[Any, ...]]) -> SimpleNamespace:
    """What the pages ask of `state.training`, written down in `heard`."""
    return SimpleNamespace(
        show_page=lambda name: heard.append(("page", name)),
        take_recipe=lambda found: heard.append(("recipe", found.model)),
        continue_from=lambda model: heard.append(("continue", model)),
    )
