"""The Trainer: logs, samples, checkpoints, stops, and going on as if nothing had happened."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from genstudio.core import files, run
from genstudio.core.errors import DiskFull, GenStudioError
from genstudio.core.events import Done, Event, Log, Metric, Preview, Progress, Started
from genstudio.training import checkpoint, metrics
from genstudio.training import trainer as module
from tests.training.toys import Toy, trainer

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def every_step_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SAID_EVERY", 0.0)
    monkeypatch.setattr(module, "DISK_WAIT", 0.0)


def run_to(
    folder: Path, step: int, objective: Toy | None = None, **settings: object
) -> list[Event]:
    """Train until Progress says `step`, then close the generator, as a cancel does."""
    events, work = [], trainer(folder, objective, **settings).run()
    for event in work:
        events.append(event)
        if isinstance(event, Progress) and event.done >= step:
            break
    work.close()
    return events


def traces(folder: Path) -> dict[str, str]:
    """SHA-256 of weights, averages, optimisers and state of the last checkpoint, and of the log."""
    last = checkpoint.folders(folder / run.CHECKPOINTS)[-1]
    manifest = run.CheckpointManifest.read(last / checkpoint.MANIFEST)
    found = {entry.name: entry.sha256 for entry in manifest.files}
    assert set(found) == {"networks.pt", "ema.pt", "optimisers.pt", "state.pt"}
    log = files.sha256_of(folder / run.METRICS_FILE)
    samples = {p.name: files.sha256_of(p) for p in (folder / run.SAMPLES).iterdir()}
    return {"step": str(manifest.step), **found, "log": log, **samples}


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unbroken")
    list(trainer(folder).run())
    return folder


def test_a_whole_run(tmp_path: Path):
    events = list(trainer(tmp_path).run())
    assert isinstance(events[0], Started)
    assert events[0].threads == 1
    assert isinstance(events[-1], Done)
    assert events[-1].data == {"step": 12}
    done = [event.done for event in events if isinstance(event, Progress)]
    assert done == sorted(done)
    assert done[-1] == 12
    logged = [event for event in events if isinstance(event, Metric)]
    assert [m.step for m in logged if "valid/error" in m.values] == [4, 8, 12]
    assert len(metrics.read(tmp_path / run.METRICS_FILE)) == len(logged) == 15
    shown = [Path(event.path) for event in events if isinstance(event, Preview)]
    assert [p.name for p in shown] == ["step-000005.png", "step-000010.png", "step-000012.png"]
    with Image.open(shown[0]) as sheet:
        assert sheet.width > 4 * 9


def test_stopped_at_three_points_and_resumed_in_a_new_process_nothing_differs(
    tmp_path: Path, unbroken: Path
):
    """In the middle of an epoch, at a validation, and at a sample; bit for bit."""
    folders = []
    for step in (2, 4, 10):
        run_to(tmp_path / f"at-{step}", step)
        folders.append(tmp_path / f"at-{step}")
        assert checkpoint.folders(folders[-1] / run.CHECKPOINTS)[-1].name == f"step-{step:06d}"
    subprocess.run(
        [sys.executable, "-m", "tests.training.resume_in_new_process", *map(str, folders)],
        check=True,
        cwd=ROOT,
    )
    for folder in folders:
        assert traces(folder) == traces(unbroken), folder.name


def test_stopped_after_every_single_step(tmp_path: Path, unbroken: Path):
    for step in range(1, 13):
        run_to(tmp_path, step)
    list(trainer(tmp_path).run())
    assert traces(tmp_path) == traces(unbroken)


def test_a_kill_after_the_log_was_written_leaves_no_trace(tmp_path: Path, unbroken: Path):
    run_to(tmp_path, 3)
    path = tmp_path / run.METRICS_FILE
    metrics.append(path, 4, {"loss/judge": 1.0})
    with path.open("ab") as handle:
        handle.write(b'{"step": 5, "lo')
    (tmp_path / run.CHECKPOINTS / f"{files.TEMP_MARK}abc").mkdir()
    list(trainer(tmp_path).run())
    assert traces(tmp_path) == traces(unbroken)
    assert not list((tmp_path / run.CHECKPOINTS).glob(f"*{files.TEMP_MARK}*"))


def test_a_finished_run_has_nothing_left_to_do(unbroken: Path):
    before = traces(unbroken)
    events = list(trainer(unbroken).run())
    assert not [event for event in events if isinstance(event, Metric)]
    assert traces(unbroken) == before


def test_a_file_called_stop_ends_it_and_it_can_go_on(tmp_path: Path, unbroken: Path):
    events = []
    for event in trainer(tmp_path).run():
        events.append(event)
        if isinstance(event, Progress) and event.done == 6:
            (tmp_path / run.STOP_FILE).write_bytes(b"")
    assert not [event for event in events if isinstance(event, Done)]
    assert "Stopped at step 6" in events[-1].text
    list(trainer(tmp_path).run())
    assert traces(tmp_path) == traces(unbroken)


def test_a_damaged_checkpoint_costs_only_the_steps_since_the_one_before(
    tmp_path: Path, unbroken: Path
):
    run_to(tmp_path, 5)
    run_to(tmp_path, 7)
    (tmp_path / run.CHECKPOINTS / "step-000007" / "ema.pt").write_bytes(b"torn")
    events = list(trainer(tmp_path).run())
    said = [event.text for event in events if isinstance(event, Log)]
    assert any("step-000007 is damaged" in text for text in said)
    assert any("Continues at step 5" in text for text in said)
    assert traces(tmp_path) == traces(unbroken)


def test_the_best_checkpoint_is_kept(tmp_path: Path):
    toy = Toy()
    errors = {4: 2.0, 8: 1.0, 12: 3.0}
    whole = trainer(tmp_path, toy)
    toy.validate = lambda networks, batch: {"error": torch.tensor(errors[whole.step])}  # type: ignore[method-assign]
    list(whole.run())
    assert whole.best == (-1.0, 8)
    names = [path.name for path in checkpoint.folders(tmp_path / run.CHECKPOINTS)]
    assert names == ["step-000004", "step-000008", "step-000012"] or names[-2:] == [
        "step-000008",
        "step-000012",
    ]
    assert "step-000008" in names


def nan_at(toy: Toy, step: int, times: int = 1) -> list[int]:
    """Let the loss be NaN at `step`, the first so many times."""
    good, hits = toy.loss, []

    def bad(phase, batch, info):  # type: ignore[no-untyped-def]
        loss, more = good(phase, batch, info)
        if phase == "maker" and info.step == step and len(hits) < times:
            hits.append(step)
            return loss * float("nan"), more
        return loss, more

    toy.loss = bad  # type: ignore[method-assign]
    return hits


@pytest.mark.parametrize("step", range(12))
def test_nan_goes_back_to_the_last_good_checkpoint_with_half_the_rate(tmp_path: Path, step: int):
    toy = Toy()
    nan_at(toy, step)
    whole = trainer(tmp_path, toy)
    events = list(whole.run())
    said = [event.text for event in events if isinstance(event, Log) and event.level == "warning"]
    assert len(said) == 1
    assert f"at step {step + 1}:" in said[0]
    assert "half the learning rate (1 of 3)" in said[0]
    assert whole.rounds.rate == 0.5
    assert whole.step == 12
    assert [row["step"] for row in metrics.read(tmp_path / run.METRICS_FILE)] == sorted(
        [*range(1, 13), 4, 8, 12]
    )
    for path in checkpoint.folders(tmp_path / run.CHECKPOINTS):
        parts = checkpoint.load(path, "cpu").parts
        for state in [*parts["networks"].values(), *parts["ema"].values()]:
            assert all(torch.isfinite(value).all() for value in state.values())


def test_nan_for_good_ends_in_words_and_saves_nothing_of_it(tmp_path: Path):
    toy = Toy()
    hits = nan_at(toy, 6, times=99)
    with pytest.raises(GenStudioError, match="stopped being a number") as error:
        list(trainer(tmp_path, toy).run())
    assert len(hits) == 4
    assert "learning rate" in error.value.problem.next_step
    assert checkpoint.folders(tmp_path / run.CHECKPOINTS)[-1].name == "step-000004"


def test_weights_that_are_not_finite_are_never_saved(tmp_path: Path):
    toy = Toy()
    whole = trainer(tmp_path, toy)
    with torch.no_grad():
        toy.networks["maker"].last.weight[0] = float("inf")
    with pytest.raises(GenStudioError, match="not finite"):
        list(whole.save())
    assert checkpoint.folders(tmp_path / run.CHECKPOINTS) == []


def test_a_full_disk_makes_it_wait_and_nothing_is_lost(
    tmp_path: Path, unbroken: Path, monkeypatch: pytest.MonkeyPatch
):
    real, left = checkpoint.save, [3]

    def full(*args, **kwargs):  # type: ignore[no-untyped-def]
        if args[1] == 4 and left[0]:
            left[0] -= 1
            raise DiskFull("The disk is full; step-000004 was not written (0 MB free)")
        return real(*args, **kwargs)

    monkeypatch.setattr(checkpoint, "save", full)
    events = list(trainer(tmp_path).run())
    waits = [e for e in events if isinstance(e, Progress) and "waiting" in e.text]
    said = [e for e in events if isinstance(e, Log) and "waits until there is room" in e.text]
    assert (len(waits), len(said)) == (3, 1)
    assert traces(tmp_path) == traces(unbroken)


def test_a_log_line_torn_by_a_full_disk_is_written_again(
    tmp_path: Path, unbroken: Path, monkeypatch: pytest.MonkeyPatch
):
    real, left = metrics.append, [1]

    def full(path, step, values):  # type: ignore[no-untyped-def]
        if step == 8 and left[0]:
            left[0] -= 1
            with path.open("ab") as handle:
                handle.write(b'{"step":8,"lo')
            raise DiskFull("The disk is full")
        real(path, step, values)

    monkeypatch.setattr(metrics, "append", full)
    list(trainer(tmp_path).run())
    assert traces(tmp_path) == traces(unbroken)


def test_a_full_disk_and_a_stop_end_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    run_to(tmp_path, 3)

    def full(*_: object, **__: object) -> None:
        raise DiskFull("The disk is full")

    monkeypatch.setattr(checkpoint, "save", full)

    def ask_to_stop_when_it_waits() -> None:
        for event in trainer(tmp_path).run():
            if isinstance(event, Progress) and event.text == "waiting for disk space":
                (tmp_path / run.STOP_FILE).write_bytes(b"")

    with pytest.raises(DiskFull):
        ask_to_stop_when_it_waits()
    assert checkpoint.newest(tmp_path / run.CHECKPOINTS, "cpu")[0].manifest.step == 3


def test_other_threads_are_set_back_and_another_torch_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    run_to(tmp_path, 3)
    fresh = trainer(tmp_path)
    torch.set_num_threads(2)
    monkeypatch.setattr(torch, "__version__", "9.9.9")
    fresh.device = module.Device("cpu", "CPU", "", 2)
    said = [event.text for event in fresh.restore() if isinstance(event, Log)]
    assert torch.get_num_threads() == 1
    assert any("not bit for bit" in text for text in said)


def test_previews_use_the_average_and_leave_the_networks_training(tmp_path: Path):
    toy = Toy()
    used = []
    good = toy.preview
    toy.preview = lambda networks, *rest: used.append(networks["maker"]) or good(networks, *rest)  # type: ignore[method-assign,func-returns-value]
    whole = trainer(tmp_path, toy)
    list(whole.run())
    assert used[0] is whole.ema.copies["maker"]
    assert all(network.training for network in toy.networks.values())
    assert not np.array_equal(
        toy.networks["maker"].last.weight.detach(), whole.ema.copies["maker"].last.weight
    )
