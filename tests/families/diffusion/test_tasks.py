"""What can be asked follows from the config."""

import pytest

from genstudio.core.controls import check_values, defaults
from genstudio.core.errors import UsageError
from genstudio.families.diffusion.tasks import SAMPLERS, tasks
from genstudio.numerics import samplers

BASE = {"size": 64, "noise_steps": 1000, "guidance": 3.0, "class_names": [], "distilled": 0}
TEXT = {**BASE, "condition": "text"}


def names(config: dict, task: str) -> set[str]:
    """Names of a task's controls, but for the switch of fast copies."""
    found = next(t for t in tasks(config) if t.name == task)
    return {control.name for control in found.controls} - {"fast"}


def test_every_sampler_of_numerics_can_be_chosen() -> None:
    assert {option.value for option in SAMPLERS} == set(samplers.SAMPLERS)
    assert all(option.help for option in SAMPLERS)


@pytest.mark.parametrize("condition", ["text", "classes", "none"])
@pytest.mark.parametrize("distilled", [0, 4])
def test_defaults_are_allowed_for_every_kind(condition: str, distilled: int) -> None:
    config = {**BASE, "condition": condition, "distilled": distilled}
    if condition == "classes":
        config["class_names"] = ["a", "b"]
    for task in tasks(config):
        values = defaults(task.controls)
        assert check_values(task.controls, values) == values
        listed = [control.name for control in task.controls]
        assert len(set(listed)) == len(listed), task.name


def test_prompts_are_for_models_that_read() -> None:
    assert {"prompt", "negative", "guidance"} <= names(TEXT, "sample")
    by_class = {**BASE, "condition": "classes", "class_names": ["a", "b"]}
    assert names(by_class, "sample") >= {"class", "guidance"}
    assert not names(by_class, "sample") & {"prompt", "negative"}
    plain = {**BASE, "condition": "none"}
    assert not names(plain, "sample") & {"class", "prompt", "guidance", "rescale"}
    assert names(plain, "sample") >= {"steps", "sampler"}


def test_a_distilled_model_asks_less_and_answers_while_dragged() -> None:
    config = {**TEXT, "distilled": 4}
    assert names(config, "sample") == {
        "prompt", "count", "seed", "variation", "variation_seed", "variation_of",
    }  # fmt: skip
    assert tasks(config)[0].live
    assert not tasks(TEXT)[0].live


def test_the_usual_guidance_is_that_of_the_model() -> None:
    assert tasks(TEXT)[0].control("guidance").default == 3.0
    assert tasks({**TEXT, "guidance": None})[0].control("guidance").default == 2.5
    assert tasks(TEXT)[0].control("guidance_from").default == 0.0
    assert tasks({**TEXT, "guidance_from": 0.5})[0].control("guidance_from").default == 0.5


def test_margins_fit_the_size_of_the_model() -> None:
    task = next(t for t in tasks(TEXT) if t.name == "outpaint")
    values = defaults(task.controls)
    assert [values[side] for side in ("left", "right", "up", "down")] == [16, 16, 0, 0]
    assert check_values(task.controls, {"up": 5})["up"] == 5
    with pytest.raises(UsageError):
        check_values(task.controls, {"up": 4 * 64 + 1})
    tiny = next(t for t in tasks({**TEXT, "size": 28}) if t.name == "outpaint")
    assert defaults(tiny.controls)["left"] == 8


def test_the_strength_of_a_changed_picture_is_shown_as_noise() -> None:
    found = {task.name: task for task in tasks(TEXT)}
    assert found["img2img"].control("strength").role == "noise"
    assert found["img2img"].compare_input == found["inpaint"].compare_input == "image"
    assert not found["variations"].control("image").required
