"""Shared controls: the same names everywhere, so that settings move between models."""

import pytest

from genstudio import families
from genstudio.core import asking
from genstudio.core.controls import check_values, defaults, is_input
from genstudio.core.errors import UsageError

NAMES = ["cat", "dog"]
CONTROLS = (
    asking.count(4, "How many."),
    asking.seed(),
    *asking.drawn_class(NAMES, "Which."),
    *asking.goal_class(NAMES),
    asking.prompt("What."),
    asking.negative(),
    asking.picture(),
    asking.region(),
    asking.frames(),
    asking.stops(3, "Stops."),
    *asking.walk(),
    *asking.variation(),
)


def test_names_are_those_of_saved_requests() -> None:
    assert [control.name for control in CONTROLS] == [
        "count", "seed", "class", "class_to", "prompt", "negative", "image", "mask", "frames",
        "stops", "fps", "loop", "method", "variation", "variation_seed", "variation_of",
    ]  # fmt: skip
    assert all(control.help and control.label for control in CONTROLS)


def test_defaults_are_allowed() -> None:
    values = defaults(CONTROLS)
    assert check_values(CONTROLS, values) == values
    assert (values["class"], values["class_to"]) == (asking.ANY, asking.SAME)
    assert [c.name for c in CONTROLS if is_input(c)] == ["image", "mask"]


def test_prompts_have_their_roles() -> None:
    assert asking.prompt("").role == "prompt"
    assert asking.negative().role == "negative"


def test_without_classes_nothing_is_asked() -> None:
    assert asking.drawn_class([], "") == asking.shown_class([]) == asking.goal_class([]) == ()


def test_the_class_of_a_given_picture_is_recognised() -> None:
    (choice,) = asking.shown_class(NAMES)
    assert choice.default == asking.AUTO
    assert choice.values() == (asking.AUTO, *NAMES)


def test_class_names_come_from_the_config() -> None:
    assert asking.class_names({"class_names": NAMES}) == NAMES
    assert asking.class_names({}) == asking.class_names({"class_names": 3}) == []
    assert asking.class_number(NAMES, "dog") == 1
    with pytest.raises(UsageError, match="no class 'owl'; it has: cat, dog"):
        asking.class_number(NAMES, "owl")


def test_families_ask_in_the_same_words() -> None:
    """A control of one name means one thing, so its kind is the same in every family."""
    kinds: dict[str, set[str]] = {}
    for name in families.names():
        family = families.family(name)
        for task in family.tasks({"class_names": NAMES, "size": 28, "condition": "text"}):
            for control in task.controls:
                kinds.setdefault(control.name, set()).add(control.kind)
    assert {name: found for name, found in kinds.items() if len(found) > 1} == {}
