"""The objective: it learns, follows captions and classes, and is the same every time."""

import numpy as np
import pytest
import torch
from torch.nn.functional import pixel_shuffle

from genstudio.core.errors import UsageError
from genstudio.families.diffusion import family
from genstudio.families.diffusion.guiding import Guide, encoded, guided
from genstudio.training.objective import Batch, StepInfo
from tests.helpers.denoise import FACTS, objective, train

INFO = StepInfo(0, 10)


def test_pictures_follow_their_captions(learnt, pictures):
    found = learnt.preview(learnt.networks, pictures, 8, 0).mean(axis=(1, 2, 3))
    assert found.shape == (8,)
    assert (found[0::2] < 90).all(), found
    assert (found[1::2] > 165).all(), found


def test_samples_are_those_of_the_preview_until_it_learns_more(learnt, pictures):
    first = learnt.preview(learnt.networks, pictures, 4, 5)
    assert learnt.samples(learnt.networks, pictures, 4, 5) is first
    assert not np.array_equal(learnt.samples(learnt.networks, pictures, 4, 6), first)
    with torch.no_grad():
        next(learnt.networks["unet"].parameters()).add_(1e-3)
    assert learnt.samples(learnt.networks, pictures, 4, 5) is not first


def test_validation_is_the_same_every_time_and_falls_with_training(learnt, pictures):
    with torch.no_grad():
        first, again = (learnt.validate(learnt.networks, pictures)["error"] for _ in range(2))
        fresh = objective()
        before = fresh.validate(fresh.networks, pictures)["error"]
    assert first == again
    assert first < before / 2


def test_guidance_moves_away_from_what_nothing_was_said_of(learnt, pictures):
    x = torch.randn(2, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    t = torch.tensor([900, 900])
    tokens = learnt.sayings.plain(pictures)[:2]
    ask = (learnt.networks, learnt.noising, x, t)
    with torch.no_grad():
        none = guided(*ask, learnt.sayings.nothing(2, x.device), learnt.sayings, Guide())
        plain = guided(*ask, tokens, learnt.sayings, Guide())
        strong = guided(*ask, tokens, learnt.sayings, Guide(3.0))
        mixed = (*ask[:3], torch.tensor([900, 300]))
        late = guided(*mixed, tokens, learnt.sayings, Guide(3.0, 0.5))
        all_along = guided(*mixed, tokens, learnt.sayings, Guide(3.0))
    assert torch.allclose(strong, none + 3 * (plain - none), atol=1e-3)
    assert torch.allclose(late[0], plain[0], atol=1e-5)
    assert torch.allclose(late[1], all_along[1], atol=1e-5)


def test_guidance_of_a_config_counts_from_its_share_of_the_way():
    usual = {"guidance": 2.0, "distilled": 0}  # models of before have no share
    assert Guide.of(usual) == Guide(2.0, 0.0)
    assert Guide.of({**usual, "guidance_from": 0.5}) == Guide(2.0, 0.5)
    assert Guide.of({**usual, "distilled": 4}) == Guide()
    t = torch.tensor([999, 500, 499, 0])
    assert Guide(2.0, 0.5).holds(t, 1000).tolist() == [False, False, True, True]
    assert not Guide(1.0).holds(t, 1000).any()


@pytest.mark.parametrize(
    ("options", "facts"),
    [
        ({"condition": "none"}, FACTS),
        ({"condition": "classes"}, {**FACTS, "classes": ("dark", "bright")}),
        ({"prediction": "epsilon", "schedule": "linear"}, FACTS),
        ({"prediction": "sample"}, FACTS),
    ],
)
def test_other_kinds_learn_too(options, facts, pictures):
    made = objective(facts, min_snr=0.0, **options)
    losses = train(made, pictures, 150)
    assert np.mean(losses[-10:]) < 0.7 * np.mean(losses[:10])
    assert made.preview(made.networks, pictures, 3, 0).shape == (3, 28, 28, 1)


def test_a_loss_depends_on_the_seed_alone(pictures):
    made = objective()
    found = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        found.append(float(made.loss("denoise", pictures, INFO)[0].detach()))
    assert found[0] == found[1] != found[2]


def drawn_over_the_sketch(parent, pictures):
    """How far what a model that answers with pictures draws, from `parent`, is off its sketch."""
    made = objective(prediction="sample")
    for name, network in made.networks.items():
        network.load_state_dict(parent.networks[name].state_dict())
    said = made.begun(parent.config)
    x, t = torch.randn(16, 1, 28, 28), torch.full((16,), 700)
    with torch.no_grad():
        tokens = encoded(made.networks, made.sayings.plain(pictures))
        far = (made.networks["unet"](x, t, *tokens) - pixel_shuffle(tokens[2], 4)).abs().max()
    return float(far), said


def test_a_model_that_answered_something_else_goes_on_from_its_sketch(learnt, pictures):
    far, said = drawn_over_the_sketch(learnt, pictures)
    assert far < 0.1
    assert "last layer" in said[0]
    pictured = objective(prediction="sample")
    with torch.no_grad():
        pictured.networks["unet"].leave[-1].bias.fill_(0.5)
    far, said = drawn_over_the_sketch(pictured, pictures)
    assert far > 0.4  # it answered the same before
    assert said == []


def test_a_student_answers_as_its_teacher_does(learnt):
    with pytest.raises(UsageError, match="as its teacher") as caught:
        objective(prediction="sample", distil=2).begun(learnt.config)
    assert "(v)" in caught.value.problem.next_step


def test_noise_levels_count_by_min_snr_first_and_all_alike_at_the_end(pictures):
    def losses(gamma):
        torch.manual_seed(0)
        made = objective(min_snr=gamma, min_snr_until=0.7)
        found = []
        for step in (0, 6, 7):
            torch.manual_seed(1)
            found.append(float(made.loss("denoise", pictures, StepInfo(step, 10))[0].detach()))
        return found

    weighted, plain = losses(5.0), losses(0.0)
    assert plain[0] == plain[1] == plain[2] == weighted[2]
    assert weighted[0] == weighted[1] != plain[0]


def test_pictures_without_captions_count_as_unconditional(pictures):
    made = objective()
    bare = Batch(pictures.images, None, None)
    assert made.sayings.plain(bare).tolist() == [[1, 0, 0, 0]] * 16
    assert torch.isfinite(made.loss("denoise", bare, INFO)[0])


# ---- config ----------------------------------------------------------------------------------


def config(facts=FACTS, **options):
    return family.config(options, facts)


def test_it_is_asked_by_what_the_data_has():
    classes = {"classes": ("a", "b"), "size": 32}
    assert config()["condition"] == "text"
    assert config(classes)["condition"] == "classes"
    assert config({"size": 32})["condition"] == "none"
    assert config({**FACTS, **classes}, condition="classes")["class_names"] == ["a", "b"]
    assert config({**FACTS, **classes})["class_names"] == []
    assert config({**FACTS, **classes}, condition="none")["words"] == []


@pytest.mark.parametrize("wanted", ["text", "classes"])
def test_data_that_cannot_be_asked_so_is_refused(wanted):
    with pytest.raises(UsageError, match=r"captions|classes"):
        config({"size": 32}, condition=wanted)


@pytest.mark.parametrize(
    ("size", "patch", "levels"),
    [("28", 2, 2), ("32", 2, 2), ("48", 3, 2), ("64", 4, 2), ("96", 6, 2), ("128", 8, 2)],
)
def test_the_open_patch_makes_a_grid_of_about_sixteen(size, patch, levels):
    found = config(size=size)
    assert (found["patch"], found["levels"]) == (patch, levels)


def test_levels_stop_where_the_grid_cannot_be_halved():
    assert config(size="28", patch="2", levels=4)["levels"] == 2  # 14, 7
    assert config(size="64", patch="2", levels=4)["levels"] == 4
    with pytest.raises(UsageError, match="patches of 3"):
        config(size="64", patch="3")
