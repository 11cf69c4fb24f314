"""run.json and log.jsonl while a training goes on."""

from pathlib import Path

import pytest

from genstudio.core import run as runs
from genstudio.core.errors import DiskFull, Problem
from genstudio.core.events import Log, Progress
from genstudio.core.run import Run
from genstudio.training import metrics, noting
from genstudio.training.noting import Note
from genstudio.training.trainer import Trainer
from tests.training import toys


@pytest.fixture
def note(tmp_path: Path) -> Note:
    return Note(Run(id="0001-toy", recipe=toys.recipe()), tmp_path)


@pytest.fixture
def trainer(tmp_path: Path) -> Trainer:
    """One that stands where its run does."""
    made = toys.trainer(tmp_path)
    made.restored = True
    return made


def state(folder: Path) -> Run:
    return Run.read(folder / runs.RUN_FILE)


def test_the_step_is_noted_now_and_then_only(
    note: Note, trainer: Trainer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    note.set(state="running", pid=7)
    trainer.position.step, trainer.position.best = 5, (-1.0, 4)
    note.passing(Progress(done=5), trainer)
    assert (state(tmp_path).state, state(tmp_path).step) == ("running", 0)
    monkeypatch.setattr(noting, "NOTED_EVERY", 0.0)
    note.passing(Progress(done=5), trainer)
    assert (state(tmp_path).step, state(tmp_path).best_step) == (5, 4)


def test_sentences_are_kept_with_their_step(note: Note, trainer: Trainer, tmp_path: Path):
    trainer.position.step = 3
    note.passing(Log(level="warning", text="Hm."), trainer)
    (row,) = metrics.read(tmp_path / runs.LOG_FILE)
    assert (row["step"], row["level"], row["text"]) == (3, "warning", "Hm.")
    assert row["at"].startswith("20")


def test_at_rest_no_process_is_named(note: Note, trainer: Trainer, tmp_path: Path):
    trainer.position.step = 9
    note.rest("failed", trainer, problem=Problem(what="It broke"))
    found = state(tmp_path)
    assert (found.state, found.pid, found.step) == ("failed", 0, 9)
    assert found.problem is not None
    assert found.problem.what == "It broke"


def test_changes_are_written_at_once_and_once(note: Note, trainer: Trainer, tmp_path: Path):
    note.passing(Progress(done=1), trainer)
    trainer.rounds.parts, trainer.position.returns = 4, 1
    for _ in range(3):
        note.passing(Progress(done=2), trainer)
    whats = [change.what for change in state(tmp_path).changes]
    assert whats == [
        "Memory ran out: each batch is computed in 4 parts",
        "The loss ran away: half the learning rate (1 of 3)",
    ]
    assert note.state.recipe.settings.parts == 4


def test_returns_of_an_earlier_process_are_no_news(note: Note, trainer: Trainer, tmp_path: Path):
    trainer.position.returns = 2
    note.passing(Progress(done=1), trainer)
    assert note.state.changes == ()


def test_a_full_disk_is_no_reason_to_end(
    note: Note, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object) -> None:
        raise DiskFull("The disk is full")

    trainer = toys.trainer(tmp_path)
    monkeypatch.setattr(noting.files, "write_bytes", full)
    monkeypatch.setattr(metrics, "append", full)
    monkeypatch.setattr(noting, "NOTED_EVERY", 0.0)
    note.passing(Log(text="Hm."), trainer)
    note.passing(Progress(done=1), trainer)
    assert not (tmp_path / runs.RUN_FILE).exists()


def test_of_several_processes_the_first_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from genstudio.training.distributed import Place

    monkeypatch.setattr(noting, "place", lambda: Place(1, 2))
    second = Note(Run(id="0001-toy", recipe=toys.recipe()), tmp_path)
    second.set(state="running")
    assert second.keep(Log(text="Hm."), 1).text == "Hm."
    assert list(tmp_path.iterdir()) == []
