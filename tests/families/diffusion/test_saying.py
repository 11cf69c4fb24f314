"""What is said to the network while training, in samples and for nothing."""

import torch

from genstudio.families.diffusion.saying import Sayings
from genstudio.training.objective import Batch

WORDS = ["red", "hat", "beard", "blue"]
TEXT = {"condition": "text", "length": 6, "words": WORDS, "class_names": []}
CLASSES = {"condition": "classes", "length": 1, "words": [], "class_names": ["a", "b", "c"]}


def batch(captions=None, labels=None):
    count = len(captions or labels)
    found = None if labels is None else torch.tensor(labels)
    return Batch(torch.zeros(count, 1, 4, 4), found, captions)


def test_nothing_guides_an_unconditional_model():
    sayings = Sayings({**CLASSES, "condition": "none"}, {})
    assert sayings.training(batch(labels=[0]), 0.5) is None
    assert sayings.plain(batch(labels=[0])) is None
    assert sayings.shown(batch(labels=[0]), 4) is None


def test_plain_captions_are_the_first_ones_in_full():
    sayings = Sayings(TEXT, {"lose": 0.5})
    found = sayings.plain(batch((("red hat, beard", "blue"), ())))
    assert found.tolist() == [[1, 2, 3, 4, 0, 0], [1, 0, 0, 0, 0, 0]]


def test_training_takes_all_alternatives_in_turn_and_shortens():
    sayings = Sayings(TEXT, {"lose": 0.3})
    many = batch((("red hat, beard", "blue"),) * 400)
    torch.manual_seed(0)
    rows = {tuple(row) for row in sayings.training(many, 0.0).tolist()}
    assert (1, 2, 3, 4, 0, 0) in rows
    assert (1, 4, 2, 3, 0, 0) in rows, "parts change places"
    assert (1, 2, 3, 0, 0, 0) in rows, "a part is left out"
    assert (1, 5, 0, 0, 0, 0) in rows, "another way to say it"
    assert not any(row[1:3] == (3, 2) for row in rows), "words of a part keep their order"


def test_the_share_of_hidden_captions():
    sayings = Sayings(TEXT, {"lose": 0.0})
    torch.manual_seed(0)
    found = sayings.training(batch((("red",),) * 2000), 0.1)
    hidden = (found[:, 1] == 0).float().mean()
    assert 0.07 < hidden < 0.13


def test_classes_are_numbered_from_one_and_nothing_is_nought():
    sayings = Sayings(CLASSES, {})
    some = batch(labels=[0, 2])
    assert sayings.plain(some).tolist() == [[1], [3]]
    assert sayings.nothing(2, torch.device("cpu")).tolist() == [[0], [0]]
    assert sayings.shown(some, 5).flatten().tolist() == [1, 2, 3, 1, 2]


def test_sample_sheets_show_the_recipes_prompts():
    sayings = Sayings(TEXT, {"prompts": "blue hat\n\nbeard\n"})
    found = sayings.shown(batch((("red",),)), 3)
    assert found.tolist() == [[1, 5, 3, 0, 0, 0], [1, 4, 0, 0, 0, 0], [1, 5, 3, 0, 0, 0]]
