"""What the matcher is trained for: captions find their pictures."""

import pytest
import torch

from genstudio.core.controls import check_values
from genstudio.core.errors import UsageError
from genstudio.families.matcher import objective, to_onnx
from genstudio.families.matcher.family import FAMILY, config
from genstudio.training.objective import Batch, StepInfo

WORDS = ["cat", "dog", "red", "blue", "a"]
FACTS = {"size": 28, "channels": 1, "captions": True, "words": WORDS}


def made(**options: object) -> objective.MatcherObjective:
    torch.manual_seed(0)
    chosen = {"width": 4, "features": 8, "text_width": 8, "length": 4, **options}
    checked = check_values(FAMILY.options, chosen)
    return objective.make(config(checked, FACTS), checked)


def batch(*said: tuple[str, ...]) -> Batch:
    return Batch(torch.rand(len(said), 1, 28, 28) * 2 - 1, None, said)


def test_loss_moves_every_weight_of_both():
    matcher = made()
    value, more = matcher.loss("match", batch(("a cat",), ("dog", "blue dog"), ()), StepInfo(0, 9))
    value.backward()
    assert 0 <= more["matched"] <= 1
    for network in matcher.networks.values():
        assert all(torch.isfinite(p.grad).all() for p in network.parameters())
    assert matcher.phases()[0].networks == ("picture", "text")


def test_contrast_is_the_entropy_of_the_right_pair_in_both_directions():
    logits = torch.tensor([[2.0, 0.0], [1.0, 3.0]])
    alone = torch.eye(2, dtype=torch.bool)
    rows = torch.nn.functional.cross_entropy(logits, torch.arange(2))
    columns = torch.nn.functional.cross_entropy(logits.T, torch.arange(2))
    assert objective.contrast(logits, alone) == pytest.approx(float(rows + columns) / 2)
    # Two that say the same are right for each other: nothing tells them apart.
    both = torch.ones(2, 2, dtype=torch.bool)
    assert objective.contrast(torch.zeros(2, 2), both) == pytest.approx(
        float(torch.tensor(2).log())
    )


def test_matched_counts_captions_that_find_their_picture():
    logits = torch.zeros(4, 4)
    logits.fill_diagonal_(1)
    alone = torch.eye(4, dtype=torch.bool)
    assert objective.matched(logits, alone) == 1
    logits[0, 2] = 5  # the first caption likes the third picture better
    assert objective.matched(logits, alone) == 0.75
    same = alone.clone()
    same[0, 2] = same[2, 0] = True
    assert objective.matched(logits, same) == 1
    # Only the next nine are rivals, so that the number does not depend on the batch.
    many = torch.eye(30)
    many[0, 15] = 5
    assert objective.matched(many, torch.eye(30, dtype=torch.bool)) == 1


def test_alternatives_are_drawn_and_words_hidden_in_training_only():
    matcher = made(word_dropout=0.0)
    said = batch(*[("cat", "red dog")] * 8)
    assert matcher._said(said, draw=False)[1].tolist() == [[1, 2, 0, 0]] * 8
    torch.manual_seed(3)
    drawn = {tuple(row) for row in matcher._said(said, draw=True)[1].tolist()}
    assert drawn == {(1, 2, 0, 0), (1, 4, 3, 0)}
    first, second = (matcher.validate(matcher.networks, said) for _ in range(2))
    assert first["loss"].item() == second["loss"].item()
    assert matcher.best == ("matched", "higher")


def test_pictures_that_nobody_described_teach_nothing():
    value, _ = made().loss("match", batch((), ()), StepInfo(0, 1))
    assert value.item() == 0
    with pytest.raises(UsageError, match="captions"):
        made().loss("match", Batch(torch.rand(2, 1, 28, 28)), StepInfo(0, 1))


def test_a_few_steps_teach_which_is_which():
    torch.manual_seed(1)
    matcher = made(word_dropout=0.0)
    images = torch.zeros(8, 1, 28, 28)
    images[::2, :, :14], images[1::2, :, 14:] = 1, 1
    said = tuple(("a cat",) if row % 2 == 0 else ("a dog",) for row in range(8))
    both = Batch(images, None, said)
    parameters = [p for network in matcher.networks.values() for p in network.parameters()]
    for step in range(25):
        loss = matcher.loss("match", both, StepInfo(step, 25))[0]
        slopes = torch.autograd.grad(loss, parameters)
        with torch.no_grad():
            for parameter, slope in zip(parameters, slopes, strict=True):
                parameter -= 0.005 * slope.sign()
    assert matcher.validate(matcher.networks, both)["matched"].item() == 1


def test_graphs_give_vectors_that_can_be_multiplied():
    matcher = made()
    picture, text = to_onnx.graphs(matcher.networks, matcher.config)
    for spec in (picture, text):
        (value,) = [spec.module.eval()(*spec.example(5).values())]
        assert value.shape == (5, 8)
    assert text.example(3)["tokens"][:, 0].tolist() == [1, 1, 1]
