"""Options that the families of pictures share."""

import pytest

from genstudio.core import picture_options as options
from genstudio.core.dataset import DataFacts
from genstudio.core.errors import UsageError


def facts(**changes):
    return DataFacts(**changes).model_dump(mode="json")


@pytest.mark.parametrize(
    ("wanted", "found", "size"),
    [("auto", 28, 28), ("auto", 100, 96), ("auto", 4000, 128), ("auto", 0, 64), ("48", 28, 48)],
)
def test_size_follows_the_data_or_the_wish(wanted, found, size):
    assert options.pick_size(wanted, facts(size=found)) == size


@pytest.mark.parametrize(
    ("wanted", "found", "channels"),
    [("auto", 1, 1), ("auto", 2, 1), ("auto", 3, 3), ("auto", 4, 3), ("1", 3, 1), ("3", 1, 3)],
)
def test_channels_follow_the_data_or_the_wish(wanted, found, channels):
    assert options.pick_channels(wanted, facts(channels=found)) == channels


def test_one_class_is_no_class():
    assert options.class_names(facts(classes=("only",))) == []
    assert options.class_names(facts(classes=("a", "b"))) == ["a", "b"]
    assert options.class_names({}) == []
    with pytest.raises(UsageError, match="1001 classes are too many"):
        options.class_names(facts(classes=tuple(map(str, range(1001)))))


def test_the_choice_offers_every_size():
    made = options.size_option("Side.")
    assert made.values() == ("auto", *map(str, options.SIZES))
    assert options.CHANNELS.default in options.CHANNELS.values()
