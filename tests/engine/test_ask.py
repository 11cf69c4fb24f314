"""What samplers read out of a request."""

from pathlib import Path

import numpy as np
import pytest

from genstudio.core.errors import UsageError
from genstudio.engine.ask import Ask


def test_values_by_kind_with_defaults() -> None:
    ask = Ask({"truncation": 0.5, "frames": 12, "class": "Bag", "loop": True, "odd": None})
    assert ask.number("truncation", 1.0) == 0.5
    assert ask.whole("frames", 1) == 12
    assert ask.word("class") == "Bag"
    assert ask.switch("loop")
    assert not ask.switch("absent")
    assert ask.number("odd", 2.0) == 2.0
    assert ask.word("truncation", "x") == "x"


def test_every_item_may_have_a_text_of_its_own() -> None:
    own = ["a cat", "a dog", "a cow"]
    assert Ask({"prompt": own}, count=3).texts("prompt") == own
    assert Ask({"prompt": "a cat"}, count=2).texts("prompt") == ["a cat", "a cat"]
    assert Ask({"prompt": own}, count=2).texts("prompt") == ["", ""]
    assert Ask({}, count=1).texts("prompt") == [""]


def test_one_picture_is_a_stack_of_one() -> None:
    one, many = np.zeros((4, 4, 3), np.uint8), np.zeros((5, 4, 4, 3), np.uint8)
    ask = Ask({}, inputs={"image": one, "all": many, "file": Path("x")})
    assert ask.needed("image").shape == (1, 4, 4, 3)
    assert ask.needed("all").shape == (5, 4, 4, 3)
    assert ask.pictures("nothing") is None
    assert ask.path("file") == Path("x")


@pytest.mark.parametrize(("how", "name"), [("needed", "no"), ("path", "image"), ("pictures", "f")])
def test_missing_inputs_are_sentences(how: str, name: str) -> None:
    ask = Ask({}, inputs={"image": np.zeros((4, 4, 1), np.uint8), "f": Path("x")})
    with pytest.raises(UsageError):
        getattr(ask, how)(name)
