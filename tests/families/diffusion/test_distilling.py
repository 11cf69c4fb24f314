"""Distillation: the student lands where its teacher does, in fewer steps and without guidance."""

import pytest
import torch

from genstudio import families
from genstudio.core.errors import UsageError
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe
from genstudio.training import plan
from tests.helpers.denoise import objective, train


def student_of(learnt, steps=2):
    made = objective(lose=0.0, guidance=2.0, distil=steps)
    for name in made.moving:
        for network in (name, f"teacher_{name}"):
            made.networks[network].load_state_dict(learnt.networks[name].state_dict())
    return made


def test_the_teacher_stays_as_the_student_was(learnt, pictures):
    made = student_of(learnt)
    train(made, pictures, 3)
    for name in made.moving:
        teacher, before = made.networks[f"teacher_{name}"], learnt.networks[name]
        for key, value in before.state_dict().items():
            assert torch.equal(teacher.state_dict()[key], value), key
    moved = zip(
        made.networks["unet"].parameters(), learnt.networks["unet"].parameters(), strict=True
    )
    assert any(not torch.equal(a, b) for a, b in moved)


def test_only_the_student_is_trained_and_kept(learnt):
    made = student_of(learnt)
    assert set(made.phases()[0].networks) == {"unet", "text"}
    assert made.ema == {"unet", "text"}
    assert made.copies == {"teacher_unet": "unet", "teacher_text": "text"}
    kept = dict(made.networks)
    made.finish(kept, iter(()), 0)
    assert set(kept) == {"unet", "text"}


def test_the_student_comes_nearer_to_the_teacher(learnt, pictures):
    made = student_of(learnt)
    losses = train(made, pictures, 80, rate=1e-3)
    assert sum(losses[-10:]) < 0.6 * 10 * losses[0]


def test_a_student_is_chosen_by_how_near_it_lands(learnt, pictures):
    made = student_of(learnt)
    assert made.best == ("miss", "lower")
    assert learnt.best == ("total", "lower")

    def found():
        with torch.no_grad():
            return made.validate(made.networks, pictures)

    before = found()
    assert set(before) == {"miss"}
    assert found() == before
    train(made, pictures, 40, rate=1e-3)
    assert found()["miss"] < before["miss"]


@pytest.mark.parametrize("place", [1, 2, 3])
def test_what_is_left_over_late_counts_more(learnt, pictures, monkeypatch, place):
    """A student that is wrong by 0.1 everywhere pays as the truncated SNR of its step says."""
    made = student_of(learnt, steps=4)
    teacher, noising, x0 = made.teacher, made.noising, pictures.images
    t = torch.full((16,), teacher.grid[place])
    to = torch.full((16,), [*teacher.grid, -1][place + 1])
    alpha, sigma = noising.parts(t)
    grey = torch.zeros_like(x0)
    monkeypatch.setattr(
        teacher,
        "_walked",
        lambda nets, x, *_: noising.step(x, grey, t, to),  # lands for grey
    )
    wrong = {**made.networks, "unet": lambda x, t, *_: (alpha * x - 0.1) / sigma}
    noise = torch.randn(x0.shape, generator=torch.Generator().manual_seed(0))
    places = torch.full((16,), place)
    cost = teacher.miss(wrong, x0, noise, places, made.sayings.plain(pictures), made.sayings)
    ratio = float((alpha[0] / sigma[0]) ** 2)
    assert float(cost) == pytest.approx(0.01 * max(1.0, ratio), rel=1e-3)


def test_two_steps_are_enough_after_it(learnt, pictures):
    made = student_of(learnt)
    train(made, pictures, 80, rate=1e-3)
    found = made.preview(made.networks, pictures, 8, 0).mean(axis=(1, 2, 3))
    assert (found[0::2] < 90).all(), found
    assert (found[1::2] > 165).all(), found


def test_the_target_is_what_one_step_needs_to_land_there(learnt, pictures):
    """With a perfect student the loss is nought: walk, aim, step, compare."""
    made = student_of(learnt)
    teacher, noising = made.teacher, made.noising
    x = torch.randn(16, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    place = torch.arange(16) % 2
    t = torch.tensor(teacher.grid)[place]
    to = torch.tensor([*teacher.grid[1:], -1])[place]
    tokens = made.sayings.plain(pictures)
    landed = teacher._walked(made.networks, x, place, tokens, made.sayings)
    ratio = noising.step(torch.zeros_like(x), torch.ones_like(x), t, to)
    still = noising.step(x, torch.zeros_like(x), t, to)
    wanted = (landed - still) / ratio
    assert torch.allclose(noising.step(x, wanted, t, to), landed, atol=1e-3)


def test_without_a_model_to_learn_from_it_is_refused(shapes_folder, tmp_path):
    home = Home(tmp_path / "home")
    options = {"width": 8, "size": "28", "condition": "none", "distil": 2}
    recipe = Recipe(family="diffusion", model="quick", data=str(shapes_folder), options=options)
    with pytest.raises(UsageError, match="need a model to learn from"):
        list(plan.plan(home, recipe, families.part, base=tmp_path, device="cpu"))


def test_a_student_package_takes_few_steps_without_guidance(learnt, tmp_path):
    config = student_of(learnt).config
    task = families.family("diffusion").task(config, "sample")
    names = [control.name for control in task.controls]
    assert "guidance" not in names
    assert "sampler" not in names
