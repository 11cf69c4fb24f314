"""What the reader is trained for: labels out of captions."""

import pytest
import torch

from genstudio.core.controls import check_values
from genstudio.core.errors import UsageError
from genstudio.families.attributes import objective, to_onnx
from genstudio.families.attributes.family import FAMILY, config
from genstudio.training.objective import Batch, StepInfo

FACTS = {"size": 28, "channels": 1, "captions": True, "words": ["blue", "hair", "red"]}
LINES = "hair: blue, red; {} hair\nglasses: glasses"
SAID = (("red hair",), ("blue hair, glasses", "someone"), (), ("a face", "glasses"))


def made(**options: object) -> objective.ReaderObjective:
    torch.manual_seed(0)
    chosen = {"width": 4, "features": 8, "attributes": LINES, **options}
    checked = check_values(FAMILY.options, chosen)
    return objective.make(config(checked, FACTS), checked)


def batch(said=SAID) -> Batch:
    return Batch(torch.rand(len(said), 1, 28, 28) * 2 - 1, None, said)


def answers(*rows: list[int]) -> torch.Tensor:
    """Sure logits (b, 5) for labels of the two slots."""
    found = torch.zeros(len(rows), 5)
    for place, (hair, glasses) in enumerate(rows):
        found[place, hair] = found[place, 3 + glasses] = 50.0
    return found


def test_captions_become_labels():
    unknown = objective.UNKNOWN
    wanted = [[2, 0], [1, 1], [unknown, unknown], [0, 1]]
    assert made().labels(batch()).tolist() == wanted


def test_loss_moves_every_weight():
    reader = made()
    value, more = reader.loss("reader", batch(), StepInfo(0, 10))
    value.backward()
    assert 0 <= more["accuracy"] <= 1
    for parameter in reader.networks["reader"].parameters():
        assert torch.isfinite(parameter.grad).all()
    assert reader.phases()[0].networks == ("reader",)


def test_validation_is_the_mean_over_attributes_of_captioned_pictures():
    reader = made()
    # Right: red, no glasses | blue, but no glasses seen | not captioned | hair seen, glasses.
    found = answers([2, 0], [1, 0], [1, 1], [2, 1])
    numbers = reader.validate({"reader": lambda images: (images, found)}, batch())
    assert float(numbers["accuracy"]) == pytest.approx(4 / 6)
    assert reader.best == ("accuracy", "higher")


def test_smoothing_asks_for_less_certainty():
    sure = answers([2, 0], [1, 1], [0, 0], [0, 1])
    losses = []
    for smoothing in (0.0, 0.2):
        reader = made(smoothing=smoothing)
        reader.networks = {"reader": lambda images: (images, sure)}
        losses.append(float(reader.loss("reader", batch(), StepInfo(0, 1))[0]))
    assert losses[0] == pytest.approx(0, abs=1e-6)
    assert losses[1] > 1


def test_pictures_that_nobody_described_teach_nothing():
    value, more = made().loss("reader", batch(((), ())), StepInfo(0, 1))
    assert (value.item(), more["accuracy"].item()) == (0, 0)
    with pytest.raises(UsageError, match="captions"):
        made().loss("reader", Batch(torch.rand(2, 1, 28, 28)), StepInfo(0, 1))


def test_the_graph_gives_features_and_answers():
    reader = made()
    spec = to_onnx.graphs(reader.networks, reader.config)[0]
    features, logits = spec.module.eval()(*spec.example(5).values())
    assert (features.shape, logits.shape) == ((5, 8), (5, 5))


def test_without_lines_the_words_are_the_attributes():
    found = config({}, FACTS)
    assert [slot["name"] for slot in found["slots"]] == ["blue", "hair", "red"]
    with pytest.raises(UsageError, match="no attribute"):
        config({"attributes": "hair"}, FACTS)
