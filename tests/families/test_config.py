"""From recipe options and facts of the data to the config of a model, for every family alike."""

import pytest

from genstudio import families
from genstudio.core import controls
from genstudio.core.controls import Choice, Float, Int, Text
from genstudio.core.dataset import DataFacts
from genstudio.core.errors import UsageError
from genstudio.core.manifest import MAX_SIDE
from genstudio.core.picture_options import SIZES

NAMES = tuple(n for n in families.names() if families.family(n).data_kind == "image")
KNOWN = DataFacts(count=9, size=30, channels=2, classes=("b", "a"))
FACTS = KNOWN.model_dump(mode="json")
SAID = {**FACTS, "captions": True, "words": ["bright", "shape"]}
CLASSES = [n for n in NAMES if not families.family(n).needs_captions]
"""Families that look at classes; the others look at captions alone."""
OPTIONS = [(n, c) for n in NAMES for c in families.family(n).options]
IDS = [f"{n}-{c.name}" for n, c in OPTIONS]


def facts_for(name: str, **changes) -> dict:
    """Facts of data that the family can learn from: with captions only where it needs them."""
    return {**(FACTS if name in CLASSES else SAID), **changes}


@pytest.mark.parametrize("name", NAMES)
def test_the_config_follows_the_data(name: str):
    found = families.family(name).config({}, facts_for(name))
    assert (found["size"], found["channels"]) == (28, 1)
    assert found.get("class_names") == (["b", "a"] if name in CLASSES else None), "in their order"
    wide = families.family(name).config({"size": "64", "channels": "3"}, facts_for(name))
    assert (wide["size"], wide["channels"]) == (64, 3)


@pytest.mark.parametrize(("name", "control"), OPTIONS, ids=IDS)
def test_both_ends_of_an_option_are_taken_and_beyond_is_refused(name: str, control):
    family = families.family(name)
    if isinstance(control, (Int, Float)):
        values, wrong = (control.low, control.high), (control.low - 1, control.high + 1)
    elif isinstance(control, Choice):
        values, wrong = control.values(), ("nothing like it", "")
    elif isinstance(control, Text):
        values, wrong = ("", "hair: blue, red"), (3, "x" * (control.max_length + 1))
    else:
        values, wrong = (True, False), ("maybe", 1)
    facts = {**SAID, "size": 48}  # 48 pixels can be cut into patches of any size
    for value in values:
        found = family.config({control.name: value}, facts)
        assert 0 < found["width"] <= MAX_SIDE
        assert found["size"] in SIZES
    for value in wrong:
        with pytest.raises(UsageError, match=control.name):
            family.config({control.name: value}, facts)


@pytest.mark.parametrize("name", NAMES)
def test_an_option_that_is_not_there_is_named(name: str):
    first = families.family(name).options[0].name
    with pytest.raises(UsageError, match=f"no setting 'colour' here; known are: {first}"):
        families.family(name).config({"colour": 1}, facts_for(name))


@pytest.mark.parametrize("name", CLASSES)
def test_the_config_is_made_anew_and_leaves_the_facts_alone(name: str):
    family, facts = families.family(name), {**FACTS, "classes": ["b", "a"]}
    first = family.config({}, facts)
    first["class_names"].append("c")
    assert facts["classes"] == ["b", "a"]
    assert family.config({}, facts)["class_names"] == ["b", "a"]


@pytest.mark.parametrize("name", [n for n in CLASSES if not families.family(n).needs_classes])
def test_without_classes_nothing_asks_for_one(name: str):
    family = families.family(name)
    own = {control.name for control in family.options}
    off = {"conditional": False} if "conditional" in own else {"condition": "none"}
    for options, facts in ((off, FACTS), ({}, {**FACTS, "classes": ["one"]})):
        config = family.config(options, facts)
        assert config["class_names"] == []
        asked = {c.name for task in family.tasks(config) for c in task.controls}
        assert not asked & {"class", "class_to"}


@pytest.mark.parametrize("name", [n for n in NAMES if families.family(n).needs_classes])
@pytest.mark.parametrize("classes", [[], ["one"]])
def test_who_needs_classes_says_so(name: str, classes: list[str]):
    with pytest.raises(UsageError, match="at least 2 classes"):
        families.family(name).config({}, {**FACTS, "classes": classes})


@pytest.mark.parametrize("name", [n for n in NAMES if families.family(n).needs_captions])
def test_who_needs_captions_says_so(name: str):
    family = families.family(name)
    for lacking in ({"captions": False}, {"words": []}):
        with pytest.raises(UsageError, match=r"captions|stands in two"):
            family.config({}, facts_for(name, **lacking))
    unread = {key: value for key, value in SAID.items() if key != "words"}
    assert family.config({}, unread)["size"] == 28, "a look before the captions were read"


@pytest.mark.parametrize("name", CLASSES)
def test_every_class_can_be_chosen_whatever_its_case(name: str):
    family = families.family(name)
    classes = ["A", "a", "T-shirt/top", "名前", "0"]
    for task in family.tasks(family.config({}, {**FACTS, "classes": classes})):
        for control in task.controls:
            if control.name in ("class", "class_to"):
                assert control.values()[1:] == tuple(classes)
                assert [control.check(word) for word in classes] == classes
                assert control.check(control.default) == control.values()[0]


@pytest.mark.parametrize("name", NAMES)
def test_tasks_are_distinct_and_their_comparisons_are_pictures(name: str):
    family = families.family(name)
    tasks = family.tasks(family.config({}, facts_for(name)))
    assert len({task.title for task in tasks}) == len(tasks)
    for task in tasks:
        names = [control.name for control in task.controls]
        assert len(set(names)) == len(names)
        if task.compare_input:
            assert task.control(task.compare_input).kind == "image"
        kept = controls.defaults(task.controls)
        assert controls.check_values(task.controls, kept) == kept


@pytest.mark.parametrize("name", NAMES)
def test_larger_presets_are_larger(name: str):
    family = families.family(name)
    found = [family.preset(n) for n in ("tiny", "small", "standard", "large")]
    widths = [family.config(preset.options, facts_for(name))["width"] for preset in found]
    assert widths == sorted(set(widths))
    steps = [preset.settings["steps"] for preset in found]
    assert steps == sorted(set(steps))


def test_the_wasserstein_critic_has_no_second_bound_on_its_slope():
    gan = families.family("gan")
    bounded = {
        word: gan.config({"loss": word}, FACTS)["spectral"]
        for word in ("hinge", "non-saturating", "wgan-gp")
    }
    assert bounded == {"hinge": True, "non-saturating": True, "wgan-gp": False}


def test_the_prior_has_a_part_for_each_class():
    vae = families.family("vae")
    assert vae.config({}, FACTS)["prior_parts"] == 2
    assert vae.config({"conditional": False}, FACTS)["prior_parts"] > 2
    assert vae.config({"fitted_prior": False}, FACTS)["prior_parts"] == 0
