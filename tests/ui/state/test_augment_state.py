"""Previews of what training sees: asked anew at each change, only the newest shown."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from genstudio.core.controls import Choice, Option
from genstudio.core.dataset import DataFacts, Dataset
from genstudio.core.errors import BadInput, UsageError
from genstudio.core.family import Family
from genstudio.core.recipe import TrainerSettings
from genstudio.ui.state.augment_state import ROWS, SAMPLES, VARIANTS, AugmentState, FitState
from genstudio.ui.state.browse_state import BrowseState
from genstudio.ui.state.looks import Looks
from genstudio.ui.state.training_look import TrainingLook, likely_size, look_of
from tests.helpers.fake_data import FakeAsker, row

NONE = {"flip": False, "shift": 0.0, "colour": 0.0, "cutout": 0.0, "policy": ""}
POLICIES = Choice(
    name="augment",
    label="Differentiable",
    default="auto",
    options=(
        Option(value="auto", label="Automatic"),
        Option(value="off", label="Off"),
        Option(value="color", label="Colour"),
    ),
)
FRUITS = Dataset(name="fruits", title="Fruits", facts=DataFacts(count=9, size=70, channels=3))


@pytest.fixture
def tools(qtbot, qapp):
    asker = FakeAsker()
    asker.rows["fruits"] = [row(n) for n in range(9)]
    looks = Looks(asker)
    browsing = BrowseState(looks)
    browsing.open(FRUITS)

    def idle() -> None:
        qtbot.waitUntil(lambda: not looks.busy, timeout=10_000)

    yield SimpleNamespace(
        asker=asker,
        looks=looks,
        idle=idle,
        augment=AugmentState(looks),
        fit=FitState(looks, browsing),
    )
    asker.gate.set()
    looks.close()


def _config(options, facts):
    if options["augment"] == "bad":
        raise UsageError("these do not fit")
    few = facts["count"] < 100
    meant = {"auto": "color" if few else "off"}.get(options["augment"], options["augment"])
    return {"size": 48, "channels": 1, "augment": meant}


FAMILY = Family(
    name="toy",
    title="Toy",
    summary="",
    modality="image",
    tasks=lambda config: (),
    config=_config,
    options=(POLICIES,),
)


# ---- what training would do


@pytest.mark.parametrize(("least", "size"), [(0, 32), (20, 32), (28, 28), (70, 64), (500, 128)])
def test_without_a_family_a_likely_size_is_shown(least, size):
    data = FRUITS.model_copy(update={"facts": DataFacts(size=least)})
    assert likely_size(data) == look_of(None, {}, TrainerSettings(), data).size == size
    assert likely_size(None) == 32
    assert look_of(None, {}, TrainerSettings(), None).channels == 3


def test_the_look_is_that_of_the_recipe():
    look = look_of(FAMILY, {"augment": "auto"}, TrainerSettings(flip=True, shift=0.1), FRUITS)
    assert dict(look.values) == NONE | {"flip": True, "shift": 0.1, "policy": "auto"}
    assert (look.size, look.channels, look.policies) == (48, 1, POLICIES)
    assert [look.resolve(p) for p in ("auto", "off", "color")] == ["color", "", "color"]
    many = FRUITS.model_copy(update={"facts": DataFacts(count=500, size=64)})
    assert look_of(FAMILY, {"augment": "auto"}, TrainerSettings(), many).resolve("auto") == ""


def test_a_family_without_policies_offers_none():
    plain = replace(FAMILY, options=(), config=lambda options, facts: {"size": 32})
    look = look_of(plain, {}, TrainerSettings(), FRUITS)
    assert (look.policies, look.values["policy"], look.resolve("color")) == (None, "", "")
    assert look.channels == 3


def test_options_that_do_not_fit_are_left_to_the_plan():
    look = look_of(FAMILY, {"augment": "bad"}, TrainerSettings(), FRUITS)
    assert (look.size, look.resolve("bad")) == (64, "bad")


def test_the_sheet_follows_training_until_one_turns_something(tools, heard):
    changed = heard(tools.augment.changed)
    look = look_of(FAMILY, {"augment": "auto"}, TrainerSettings(flip=True), FRUITS)
    tools.augment.follow(look)
    assert tools.augment.values == NONE | {"flip": True, "policy": "auto"}
    assert tools.augment.in_use
    assert not tools.augment.plain
    tools.augment.set_value("shift", 0.3)
    assert not tools.augment.in_use
    other = look_of(FAMILY, {"augment": "off"}, TrainerSettings(colour=0.5), FRUITS)
    tools.augment.follow(other)
    assert tools.augment.values["shift"] == 0.3
    assert tools.augment.values["colour"] == 0.0
    tools.augment.follow(TrainingLook())
    assert tools.augment.values["policy"] == "", "this family has none"
    assert tools.augment.values["shift"] == 0.3
    assert len(changed) == 4


def test_what_follows_is_drawn_at_its_size_and_only_when_it_differs(tools):
    tools.augment.show("fruits", [1])
    tools.idle()
    look = look_of(FAMILY, {"augment": "auto"}, TrainerSettings(), FRUITS)
    tools.augment.follow(look)
    tools.idle()
    asked = tools.asker.works("augment_preview")
    assert [(b["size"], b["channels"]) for b in asked[2:]] == [(48, 1), (48, 1)]
    assert [b["policy"] for b in asked[2:]] == ["", "color"], "the plain one stays plain"
    tools.augment.follow(look)
    assert not tools.looks.busy


# ---- previews


def test_each_sample_has_a_plain_one_and_variants(tools, heard):
    asked, ready = heard(tools.augment.asked), heard(tools.augment.ready)
    tools.augment.show("fruits", [4, 5])
    tools.idle()
    assert asked == [2]
    assert sorted(index for index, _png in ready) == list(range(2 * (VARIANTS + 1)))
    plain, varied = tools.asker.works("augment_preview")
    assert (plain["count"], varied["count"]) == (1, VARIANTS)
    assert (plain["rows"], plain["size"], plain["channels"]) == ([4, 5], 32, 3)
    assert (plain["settings"], plain["policy"]) == ({}, "")
    assert varied["settings"] == {"flip": False, "shift": 0.0, "colour": 0.0, "cutout": 0.0}


def test_a_slider_asks_for_the_variants_only(tools):
    tools.augment.show("fruits", [1])
    tools.idle()
    tools.augment.set_value("shift", 0.25)
    tools.augment.set_value("shift", 0.25)
    tools.augment.set_value("nonsense", 1)
    tools.idle()
    asked = tools.asker.works("augment_preview")
    assert len(asked) == 3
    assert asked[-1]["settings"]["shift"] == 0.25
    tools.augment.set_value("policy", "color")
    tools.idle()
    assert tools.asker.works("augment_preview")[-1]["policy"] == "color"
    assert "policy" not in tools.asker.works("augment_preview")[-1]["settings"]


def test_while_a_slider_is_dragged_only_the_newest_is_drawn(tools):
    tools.augment.show("fruits", [1])
    tools.idle()
    tools.asker.gate.clear()
    for step in range(1, 20):
        tools.augment.set_value("colour", step / 100)
    tools.asker.gate.set()
    tools.idle()
    shown = [b["settings"].get("colour") for b in tools.asker.works("augment_preview")]
    assert shown[-1] == 0.19
    assert len(shown) <= 4


def test_nothing_is_asked_while_nobody_looks(tools):
    tools.augment.set_value("flip", True)
    tools.augment.draw_again()
    assert not tools.looks.busy
    tools.augment.show("fruits", [])
    assert not tools.looks.busy


def test_the_same_samples_are_not_drawn_twice_and_many_are_cut(tools):
    tools.augment.show("fruits", range(9))
    tools.idle()
    assert len(tools.asker.works("augment_preview")[0]["rows"]) == ROWS
    tools.augment.show("fruits", range(9))
    assert not tools.looks.busy
    tools.augment.leave()
    tools.augment.show("fruits", range(9))
    tools.idle()
    assert len(tools.asker.works("augment_preview")) == 4


def test_drawing_again_takes_another_seed(tools):
    tools.augment.show("fruits", [1])
    tools.idle()
    before = tools.asker.works("augment_preview")[-1]["seed"]
    tools.augment.draw_again()
    tools.idle()
    assert tools.asker.works("augment_preview")[-1]["seed"] != before


def test_nothing_is_a_choice_too(tools, heard):
    chosen = heard(tools.augment.chosen)
    tools.augment.follow(look_of(FAMILY, {"augment": "auto"}, TrainerSettings(flip=True), FRUITS))
    tools.augment.clear()
    assert tools.augment.plain
    tools.augment.choose()
    assert chosen == [NONE | {"policy": "off"}]
    tools.augment.follow(TrainingLook())
    tools.augment.clear()
    tools.augment.choose()
    assert chosen[1] == NONE


def test_crops_come_in_pairs(tools, heard):
    before, after = heard(tools.fit.before_ready), heard(tools.fit.after_ready)
    tools.fit.show(2, "contain", 48)
    tools.idle()
    assert [index for index, _ in before] == [index for index, _ in after] == list(range(7))
    plain, cropped = tools.asker.works("browse")
    assert "fit" not in plain
    assert (cropped["fit"], cropped["size"], cropped["first"]) == ("contain", 48, 2)
    assert cropped["count"] == SAMPLES
    tools.fit.leave()


def test_failures_are_told(tools, heard):
    problems = heard(tools.fit.problem)
    tools.asker.refuse = BadInput("The folder is gone")
    tools.fit.show(0, "cover", 32)
    tools.idle()
    assert [p.what for p in problems] == ["The folder is gone"]
    problems = heard(tools.augment.problem)
    tools.asker.refuse = BadInput("This policy is not known")
    tools.augment.show("fruits", [0])
    tools.idle()
    assert [p.what for p in problems] == ["This policy is not known"]
