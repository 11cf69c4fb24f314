"""What the judge is trained for, and what its recipes may say."""

import pytest
import torch

from genstudio.core.controls import check_values
from genstudio.core.errors import UsageError
from genstudio.families.classifier import objective, to_onnx
from genstudio.families.classifier.family import FAMILY, config
from genstudio.training.objective import Batch, StepInfo

FACTS = {"size": 28, "channels": 1, "classes": ("a", "b", "c")}


def made(**options: object) -> objective.ClassifierObjective:
    torch.manual_seed(0)
    checked = check_values(FAMILY.options, {"width": 4, "features": 8, **options})
    return objective.make(config(checked, FACTS), checked)


def batch(count: int = 6) -> Batch:
    return Batch(torch.rand(count, 1, 28, 28) * 2 - 1, torch.arange(count) % 3)


def test_loss_and_accuracy():
    judge = made()
    value, more = judge.loss("classifier", batch(), StepInfo(0, 10))
    value.backward()
    assert 0 <= more["accuracy"] <= 1
    assert all(torch.isfinite(p.grad).all() for p in judge.networks["classifier"].parameters())
    assert judge.phases()[0].networks == ("classifier",)
    assert judge.preview(judge.networks, batch(), 4, 1) is None


def test_validation_counts_what_is_right():
    judge = made()
    answers = torch.eye(3)[torch.tensor([0, 1, 2, 0, 0, 0])] * 50
    found = judge.validate({"classifier": lambda images: (images, answers)}, batch())
    assert found["accuracy"] == pytest.approx(4 / 6)
    assert judge.best == ("accuracy", "higher")


def test_smoothing_asks_for_less_certainty():
    sure = torch.eye(3)[torch.arange(6) % 3] * 50
    losses = []
    for smoothing in (0.0, 0.2):
        judge = made(smoothing=smoothing)
        judge.networks = {"classifier": lambda images: (images, sure)}
        losses.append(float(judge.loss("classifier", batch(), StepInfo(0, 1))[0]))
    assert losses[0] == pytest.approx(0, abs=1e-6)
    assert losses[1] > 1


def test_the_graph_gives_features_and_logits():
    judge = made()
    spec = to_onnx.graphs(judge.networks, judge.config)[0]
    features, logits = spec.module.eval()(*spec.example(5).values())
    assert (features.shape, logits.shape) == ((5, 8), (5, 3))


def test_config_wants_classes():
    assert config({}, FACTS)["class_names"] == ["a", "b", "c"]
    assert config({"size": "auto"}, {**FACTS, "size": 60})["size"] == 64
    assert config({}, {**FACTS, "channels": 3})["channels"] == 3
    for classes in ((), ("one",), tuple(map(str, range(1001)))):
        with pytest.raises(UsageError, match="classes"):
            config({}, {**FACTS, "classes": classes})
