"""The general detectors: real faults in tiny trainings, and where they keep quiet."""

from pathlib import Path

import pytest

from genstudio.core.events import Log
from genstudio.core.recipe import TrainerSettings
from genstudio.training import detectors
from genstudio.training.doctor import History
from tests.helpers import faults


def test_a_huge_rate_explodes_and_the_trainer_goes_back_three_times(tmp_path: Path):
    options = {"augment": "off", "loss": "wgan-gp"}
    settings = {
        "steps": 60, "sample_every": 0, "validate_every": 0, "learning_rate": 1.0, "warmup": 0.9,
    }  # fmt: skip
    data = faults.blobs(100, 1)
    trainer, events = faults.trained(tmp_path, "gan", data, None, options, settings)
    said = [a for a in faults.advice(events, "loss-explodes") if a.level == "warning"]
    assert "shot up in phase" in said[0].text
    assert "half the learning rate (1 of 3)" in said[0].text
    assert trainer.position.returns == 3
    assert trainer.rounds.rate == 0.125
    assert any("(3 of 3)" in event.text for event in events if isinstance(event, Log))
    # After the third return it is only said, with what can be done.
    assert "many times its usual size" in said[-1].text
    assert said[-1].remedies[0].settings == {"learning_rate": 0.5}
    assert said[-1].remedies[1].settings.keys() == {"clip"}


def test_thirty_pictures_are_learnt_by_heart_and_the_doctor_sees_it(tmp_path: Path):
    settings = {"steps": 70, "sample_every": 0, "validate_every": 5, "batch": 32}
    data, held = faults.noise(30, 1), faults.noise(20, 2)
    trainer, events = faults.trained(tmp_path, "vae", data, held, {}, settings)
    said = [a for a in faults.advice(events, "overfitting") if a.level == "warning"]
    assert said
    best = int(trainer.best[1]) if trainer.best else 0
    assert f"best at step {best} and gets worse since" in said[0].text
    assert [r.title for r in said[0].remedies] == [
        "Stop and keep the best",
        "Shift and recolour the pictures",
        "Mirror the pictures",
    ]
    assert said[0].remedies[0].action == "keep"
    (little,) = faults.advice(events, "little-data")
    assert "Only 30 pictures" in little.text
    assert little.level == "warning"
    assert little.step == 0


def history(valid: list[float], loss: list[float] | None = None, **fields: object) -> History:
    made = History(TrainerSettings(steps=1000), best=("loss", "lower"), **fields)  # type: ignore[arg-type]
    for step, value in enumerate(valid, 1):
        if loss:
            made.add(10 * step, {"loss/all": loss[step - 1]})
        made.add(10 * step, {"valid/loss": value})
    return made


FALLS = [9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0]


@pytest.mark.parametrize(
    ("valid", "loss", "sick"),
    [
        ([9, 5, 3, 4, 5, 6, 7, 8], FALLS, True),
        ([9, 5, 3, 4, 5, 6, 7, 8], FALLS[::-1], False),
        ([9, 5, 3, 3.1, 3, 3.2, 3.1, 3.1], FALLS, False),
        ([9, 8, 7, 6, 5, 4, 3, 2], FALLS, False),
        ([3, 4, 5, 6], FALLS[:4], False),
    ],
)
def test_when_validation_gets_worse(valid: list[float], loss: list[float], sick: bool):
    assert (detectors.Overfitting().look(history(valid, loss)) is not None) is sick


def test_higher_may_be_better():
    made = History(TrainerSettings(steps=1000), best=("accuracy", "higher"))
    for step, value in enumerate([0.1, 0.5, 0.9, 0.8, 0.7, 0.6, 0.5], 1):
        made.add(step, {"loss/all": 1 / step, "valid/accuracy": value})
    found = detectors.Overfitting().look(made)
    assert found is not None
    assert "best at step 3" in found.text


def test_samples_that_are_copies_are_seen():
    made = history([])
    for step, value in enumerate([1.0, 0.45, 0.4], 1):
        made.add(step, {"watch/nearest": value})
    found = detectors.Overfitting().look(made)
    assert found is not None
    assert "40%" in found.text
    made.add(4, {"watch/nearest": 0.9})
    assert detectors.Overfitting().look(made) is None


def test_standing_still_is_told_with_how_long():
    found = detectors.Plateau().look(history([5, 4, 3, 3, 3, 3, 3, 3, 3]))
    assert found is not None
    assert "60 steps ago (step 30)" in found.text
    assert found.level == "note"
    assert [r.action for r in found.remedies] == ["keep", "amend"]
    assert detectors.Plateau().look(history(FALLS)) is None
    assert detectors.Plateau().look(history([3, 3, 3])) is None


@pytest.mark.parametrize(
    ("valid", "text"),
    [
        (FALLS, "Validation gets better steadily."),
        (FALLS[::-1], "Validation gets worse at the moment."),
        ([9, 3, 3, 3, 3, 3.1], "Validation goes sideways at the moment."),
    ],
)
def test_how_it_goes(valid: list[float], text: str):
    found = detectors.Good().look(history(valid))
    assert found is not None
    assert found.text == text


def test_without_validation_the_loss_is_looked_at_but_not_that_of_players():
    made = History(TrainerSettings(steps=100))
    for step, value in enumerate(FALLS, 1):
        made.add(step, {"loss/all": value})
    found = detectors.Good().look(made)
    assert found is not None
    assert (found.level, found.text) == ("good", "The loss falls steadily.")
    made.add(9, {"loss/other": 1.0})
    assert detectors.Good().look(made) is None


@pytest.mark.parametrize(
    ("pictures", "steps", "little"),
    [(30, 10, True), (1000, 1000, False), (1000, 100_000, True), (60_000, 1_000_000, False)],
)
def test_what_counts_as_little_data(pictures: int, steps: int, little: bool):
    text = detectors.little_data(pictures, TrainerSettings(steps=steps, batch=64))
    assert bool(text) is little
    if little:
        assert f"Only {pictures:,} pictures" in text
    assert "Only 1 picture to" in detectors.little_data(1, TrainerSettings(steps=1, batch=1))


def test_what_is_in_use_already_is_not_offered():
    settings = TrainerSettings(flip=True, shift=0.1)
    assert detectors.more_variety(History(settings)) == ()
    assert detectors.more_variety(History(settings, {"augment": "auto"})) == ()
    (found,) = detectors.more_variety(History(settings, {"augment": "off"}))
    assert found.options == {"augment": "color,translation,cutout"}


@pytest.mark.parametrize(
    ("losses", "phase"),
    [
        ([1.0, 1.1, 0.9, 1.0, 1.0, 500.0], "all"),
        ([1.0, 1.1, 0.9, 1.0, 1.0, -500.0], ""),
        ([1.0, 1.1, 0.9, 1.0, 1.0, 50.0], ""),
        ([1.0, 500.0], ""),
        ([-900.0, -910.0, -950.0, -970.0, -990.0, 400.0], ""),
    ],
)
def test_what_counts_as_an_explosion(losses: list[float], phase: str):
    made = History(TrainerSettings())
    for step, value in enumerate(losses, 1):
        made.add(step, {"loss/all": value, "other": 1e9})
    assert detectors.exploded(made) == phase
    assert (detectors.LossExplodes().look(made) is not None) is bool(phase)


@pytest.mark.parametrize(
    ("tokens", "windows", "steps", "little"),
    [(1000, 4, 10, True), (10**6, 4000, 2000, False), (10**6, 4000, 20_000, True)],
)
def test_what_counts_as_little_text(tokens: int, windows: int, steps: int, little: bool):
    settings = TrainerSettings(steps=steps, batch=32)
    text = detectors.little_text(tokens, windows, settings)
    assert bool(text) is little
    if little:
        assert text.startswith(f"Only {tokens:,} tokens to learn from: each will be read about ")
    found = detectors.LittleData().look(History(settings, tokens=tokens, windows=windows))
    assert (found is not None) is little
    if found is not None:
        assert found.level == ("warning" if tokens < detectors.FEW_TOKENS else "note")
        assert found.remedies == ()


def test_texts_are_learnt_by_heart_too():
    valid = [9, 5, 3, 4, 5, 6, 7, 8]
    found = detectors.Overfitting().look(history(valid, FALLS, tokens=1000, windows=4))
    assert found is not None
    assert "learn its texts by heart" in found.text
    assert [remedy.action for remedy in found.remedies] == ["keep"]
