"""Ending early, handing out the model so far, losing patience, advice that survives a resume."""

from pathlib import Path

import pytest
import torch

from genstudio.core import run
from genstudio.core.events import Advice, Done, Event, Log, Progress, Result
from genstudio.training import checkpoint, metrics
from genstudio.training import trainer as module
from tests.training.test_trainer import traces
from tests.training.toys import Toy, trainer


@pytest.fixture(autouse=True)
def every_step_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SAID_EVERY", 0.0)


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unbroken")
    list(trainer(folder).run())
    return folder


def asked(folder: Path, wish: str, at: int, whole: module.Trainer) -> list[Event]:
    """All events; the wish is made when Progress says `at`."""
    events = []
    for event in whole.run():
        events.append(event)
        if isinstance(event, Progress) and event.done == at:
            (folder / wish).write_bytes(b"")
    return events


def test_keep_ends_it_here_with_a_validation_and_a_checkpoint(tmp_path: Path):
    whole = trainer(tmp_path)
    events = asked(tmp_path, run.KEEP_FILE, 6, whole)
    assert isinstance(events[-1], Done)
    assert whole.step == 6
    assert any("Ended at step 6" in e.text for e in events if isinstance(e, Log))
    rows = metrics.read(tmp_path / run.METRICS_FILE)
    assert [r["step"] for r in rows if "valid/error" in r] == [4, 6]
    assert checkpoint.folders(tmp_path / run.CHECKPOINTS)[-1].name == "step-000006"
    assert not (tmp_path / run.KEEP_FILE).exists()


def test_keep_after_a_validation_does_not_validate_twice(tmp_path: Path):
    asked(tmp_path, run.KEEP_FILE, 8, trainer(tmp_path))
    rows = metrics.read(tmp_path / run.METRICS_FILE)
    assert [r["step"] for r in rows if "valid/error" in r] == [4, 8]


def test_a_paused_training_can_be_told_that_this_was_the_end(tmp_path: Path):
    asked(tmp_path, run.STOP_FILE, 5, trainer(tmp_path))
    whole = trainer(tmp_path)
    events = list(whole.run(ends=True))
    assert isinstance(events[-1], Done)
    assert whole.step == 5


def test_try_hands_out_the_model_in_passing_and_nothing_differs(tmp_path: Path, unbroken: Path):
    whole = trainer(tmp_path)
    seen = []

    def attempt():  # type: ignore[no-untyped-def]
        seen.append(whole.step)
        torch.rand(100)  # packing draws numbers, too
        yield Result(path="tried", output="package")

    whole.attempt = attempt
    events = asked(tmp_path, run.TRY_FILE, 7, whole)
    assert seen == [7]
    assert [e.path for e in events if isinstance(e, Result)] == ["tried"]
    assert traces(tmp_path) == traces(unbroken)


def test_without_somebody_who_packs_a_try_is_only_forgotten(tmp_path: Path, unbroken: Path):
    asked(tmp_path, run.TRY_FILE, 3, trainer(tmp_path))
    assert traces(tmp_path) == traces(unbroken)


def impatient(folder: Path, errors: list[float]) -> module.Trainer:
    """Validates at every step, with these errors, and bears two that are not better."""
    toy = Toy()
    whole = trainer(folder, toy, patience=2, validate_every=1)
    toy.validate = lambda networks, batch: {"error": torch.tensor(errors[whole.step - 1])}  # type: ignore[method-assign]
    return whole


ERRORS = [5.0, 4.0, 4.5, 3.0, 3.0, 3.1] + [9.0] * 6


def test_patience_ends_it_and_the_best_is_kept(tmp_path: Path):
    whole = impatient(tmp_path, ERRORS)
    events = list(whole.run())
    assert isinstance(events[-1], Done)
    assert whole.step == 6
    assert whole.best == (-3.0, 4)
    assert any("not improved 2 times in a row" in e.text for e in events if isinstance(e, Log))


def test_patience_is_counted_over_a_resume_and_an_end_stays_an_end(tmp_path: Path):
    work = impatient(tmp_path, ERRORS).run()
    for event in work:
        if isinstance(event, Progress) and event.done >= 5:
            break
    work.close()
    assert list(impatient(tmp_path, ERRORS).run())[-1].data == {"step": 6}
    again = impatient(tmp_path, ERRORS)
    assert list(again.run())[-1].data == {"step": 6}


def advice(folder: Path) -> list[dict]:
    return metrics.read(folder / run.ADVICE_FILE)


def test_advice_is_written_down_as_it_is_given(unbroken: Path, tmp_path: Path):
    events = list(trainer(tmp_path).run())
    given = [event for event in events if isinstance(event, Advice)]
    assert given
    assert [Advice.model_validate(row) for row in advice(tmp_path)] == given
    assert given[0].name == "little-data"
    assert given[0].step == 0
    assert advice(tmp_path) == advice(unbroken)


def test_advice_is_the_same_when_it_was_interrupted_after_every_step(
    tmp_path: Path, unbroken: Path
):
    for step in range(1, 13):
        work = trainer(tmp_path).run()
        for event in work:
            if isinstance(event, Progress) and event.done >= step:
                break
        work.close()
    list(trainer(tmp_path).run())
    assert advice(tmp_path) == advice(unbroken)


def test_advice_after_the_last_checkpoint_is_cut_at_a_resume(tmp_path: Path, unbroken: Path):
    asked(tmp_path, run.STOP_FILE, 3, trainer(tmp_path))
    with (tmp_path / run.ADVICE_FILE).open("ab") as handle:
        handle.write(b'{"step":9,"kind":"advice","name":"x","level":"note","text":"x"}\n{"st')
    list(trainer(tmp_path).run())
    assert advice(tmp_path) == advice(unbroken)


def test_what_the_recipe_changed_holds_for_the_optimisers_of_a_checkpoint(tmp_path: Path):
    asked(tmp_path, run.STOP_FILE, 3, trainer(tmp_path))
    whole = trainer(tmp_path, beta1=0.5, weight_decay=0.2)
    list(whole.restore())
    for optimiser in whole.rounds.optimisers.values():
        assert [group["betas"] for group in optimiser.param_groups] == [(0.5, 0.999)] * 2
        assert [group["weight_decay"] for group in optimiser.param_groups] == [0.2, 0.0]


def test_averaging_can_be_turned_on_in_mid_training(tmp_path: Path):
    asked(tmp_path, run.STOP_FILE, 3, trainer(tmp_path, ema=0.0))
    whole = trainer(tmp_path, ema=0.9)
    list(whole.restore())
    kept, live = whole.ema.copies["maker"], whole.objective.networks["maker"]
    assert torch.equal(kept.last.weight, live.last.weight)
