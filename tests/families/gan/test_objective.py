"""What a GAN is trained for, and what its recipes may say."""

import pytest
import torch

from genstudio.core.controls import check_values
from genstudio.core.errors import UsageError
from genstudio.families.gan import augment, objective, to_onnx
from genstudio.families.gan.family import FAMILY, config
from genstudio.training.objective import Batch, StepInfo

FACTS = {"size": 28, "channels": 1, "classes": ("a", "b", "c")}
SMALL = {"width": 8, "critic_width": 8, "latent": 4, "embedding": 4}
STEP = StepInfo(0, 10)


def made(facts: dict = FACTS, **options: object) -> objective.GanObjective:
    torch.manual_seed(0)
    checked = check_values(FAMILY.options, {**SMALL, **options})
    return objective.make(config(checked, facts), checked)


def batch(count: int = 4, size: int = 28, channels: int = 1) -> Batch:
    images = torch.rand(count, channels, size, size) * 2 - 1
    return Batch(images, torch.arange(count) % 3)


@pytest.mark.parametrize("loss", ["hinge", "non-saturating", "wgan-gp"])
@pytest.mark.parametrize("conditional", [True, False])
def test_every_loss_has_finite_slopes(loss: str, conditional: bool):
    gan = made(loss=loss, conditional=conditional)
    for phase in gan.phases():
        value, more = gan.loss(phase.name, batch(), STEP)
        value.backward()
        for name in phase.networks:
            slopes = [p.grad for p in gan.networks[name].parameters() if p.grad is not None]
            assert slopes
            assert all(torch.isfinite(slope).all() for slope in slopes)
        assert all(number.ndim == 0 for number in more.values())


def test_the_critic_phase_asks_nothing_of_the_generator():
    gan = made()
    gan.loss("critic", batch(), STEP)[0].backward()
    assert all(p.grad is None for p in gan.networks["generator"].parameters())


def test_phases_follow_the_options():
    assert [p.name for p in made().phases()] == ["critic", "generator"]
    lazy = made(r1=1.0, r1_every=8, critic_rate=1.5).phases()
    assert [(p.name, p.every, p.lr_scale) for p in lazy] == [
        ("critic", 1, 1.5),
        ("penalty", 8, 1.5),
        ("generator", 1, 1.0),
    ]
    assert made(critic_steps=5).phases()[0].repeats == 5
    assert [p.name for p in made(loss="wgan-gp", r1=1.0).phases()] == ["critic", "generator"]


def test_the_penalty_is_larger_where_the_critic_is_steep():
    gan = made(r1=1.0, spectral=False)
    flat, _ = gan.loss("penalty", batch(), STEP)
    with torch.no_grad():
        gan.networks["critic"].score.weight.mul_(10)
    steep, _ = gan.loss("penalty", batch(), STEP)
    assert steep > flat


def test_previews_depend_on_the_seed_alone():
    gan = made()
    for network in gan.networks.values():
        network.eval()
    first = gan.preview(gan.networks, batch(), 6, seed=1)
    assert first.shape == (6, 28, 28, 1)
    assert (first == gan.preview(gan.networks, batch(), 6, seed=1)).all()
    assert (first != gan.preview(gan.networks, batch(), 6, seed=2)).any()
    assert (first == gan.samples(gan.networks, batch(1), 6, seed=1)).all()


@torch.no_grad()
def test_validation_is_nearer_for_pictures_like_those_made():
    gan = made()
    for network in gan.networks.values():
        network.eval()
    label = torch.eye(3)[torch.arange(60) % 3]
    made_ones = gan.networks["generator"](torch.randn(60, 4), label)
    near = gan.validate(gan.networks, Batch(made_ones, torch.arange(60) % 3))["distance"]
    other = batch(60)
    far = gan.validate(gan.networks, other)["distance"]
    assert abs(near) < far / 10
    assert far == gan.validate(gan.networks, other)["distance"]
    assert gan.best == ("distance", "lower")


def test_a_single_held_out_picture_can_be_compared_with():
    found = made().validate(made().networks, batch(1))
    assert torch.isfinite(found["distance"])


def test_augmentation_follows_the_number_of_pictures():
    few, many = ({**FACTS, "count": count} for count in (500, 60_000))
    assert made(few).policy == "color,translation,cutout"
    assert made(many).policy == "off"
    assert made(many, augment="color").policy == "color"
    assert made(few, augment="off").policy == "off"
    assert "augment" in FAMILY.free


@pytest.mark.parametrize("loss", ["hinge", "wgan-gp"])
def test_the_critic_sees_changed_pictures_and_the_generator_still_learns(
    loss: str, monkeypatch: pytest.MonkeyPatch
):
    seen = []

    def noted(images: torch.Tensor, policy: str) -> torch.Tensor:
        seen.append((len(images), policy))
        return augment.augment(images, policy)

    monkeypatch.setattr(objective, "augment", noted)
    gan = made(augment="color,translation,cutout", loss=loss, r1=1.0)
    for phase in gan.phases():
        gan.loss(phase.name, batch(), STEP)[0].backward()
    assert {count for count, _ in seen} == {4, 8}
    assert {policy for _, policy in seen} == {"color,translation,cutout"}
    slopes = [p.grad for p in gan.networks["generator"].parameters() if p.grad is not None]
    assert any(slope.abs().sum() > 0 for slope in slopes)


@pytest.mark.parametrize(("size", "channels"), [(28, 1), (32, 3), (64, 1), (128, 3)])
def test_sizes_and_colours(size: int, channels: int):
    gan = made(size=size, channels=channels)
    value, _ = gan.loss("generator", batch(2, size, channels), STEP)
    assert torch.isfinite(value)
    assert gan.preview(gan.networks, batch(2, size, channels), 3, 1).shape == (
        3,
        size,
        size,
        channels,
    )


def test_the_graph_takes_what_the_task_gives():
    gan = made()
    spec = to_onnx.graphs(gan.networks, gan.config)[0]
    assert list(spec.example(5)) == ["z", "label"]
    assert spec.module(*spec.example(5).values()).shape == (5, 1, 28, 28)
    plain = made(conditional=False)
    assert list(to_onnx.graphs(plain.networks, plain.config)[0].example(2)) == ["z"]


def test_config_follows_data_and_options():
    found = config({}, FACTS)
    assert (found["size"], found["channels"]) == (28, 1)
    assert found["class_names"] == ["a", "b", "c"]
    assert config({}, {"size": 100, "channels": 4, "classes": ()})["size"] == 96
    assert config({}, {"size": 100, "channels": 4, "classes": ()})["channels"] == 3
    assert config({"conditional": False}, FACTS)["class_names"] == []
    assert config({}, {**FACTS, "classes": ("only",)})["class_names"] == []
    assert config({"loss": "wgan-gp"}, FACTS)["spectral"] is False
    assert config({"size": 64}, FACTS)["size"] == 64


def test_values_that_do_not_fit_are_refused():
    with pytest.raises(UsageError):
        config({"size": 30}, FACTS)
    with pytest.raises(UsageError):
        config({"loss": "other"}, FACTS)
    with pytest.raises(UsageError, match="too many"):
        config({}, {**FACTS, "classes": tuple(map(str, range(1001)))})
