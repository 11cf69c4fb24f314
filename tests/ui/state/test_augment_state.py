"""Previews of what training sees: asked anew at each change, only the newest shown."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from genstudio.core.controls import Float
from genstudio.core.dataset import DataFacts, Dataset
from genstudio.core.errors import BadInput
from genstudio.core.recipe import TrainerSettings
from genstudio.ui.state.augment_state import (
    CONTROLS,
    NONE,
    POLICY,
    ROWS,
    SAMPLES,
    VARIANTS,
    AugmentState,
    FitState,
    training_size,
)
from genstudio.ui.state.browse_state import BrowseState
from genstudio.ui.state.looks import Looks
from tests.helpers.fake_data import FakeAsker, row

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


def test_the_sliders_are_those_of_the_trainer():
    fields = TrainerSettings.model_fields
    for control in CONTROLS:
        assert control.name in fields
        if isinstance(control, Float):
            bounds = {type(m).__name__: m for m in fields[control.name].metadata}
            assert (bounds["Ge"].ge, bounds["Le"].le) == (control.low, control.high)
            assert fields[control.name].default == control.default == NONE[control.name]


@pytest.mark.parametrize(("least", "size"), [(0, 32), (20, 32), (28, 28), (70, 64), (500, 128)])
def test_pictures_are_shown_at_a_size_that_training_might_take(least, size):
    data = FRUITS.model_copy(update={"facts": DataFacts(size=least)})
    assert training_size(data) == size
    assert training_size(None) == 32


def test_each_sample_has_a_plain_one_and_variants(tools, heard):
    asked, ready = heard(tools.augment.asked), heard(tools.augment.ready)
    tools.augment.show(FRUITS, [4, 5])
    tools.idle()
    assert asked == [2]
    assert sorted(index for index, _png in ready) == list(range(2 * (VARIANTS + 1)))
    plain, varied = tools.asker.works("augment_preview")
    assert (plain["count"], varied["count"]) == (1, VARIANTS)
    assert (plain["rows"], plain["size"], plain["channels"]) == ([4, 5], 64, 3)
    assert plain["settings"] == {"flip": False, "shift": 0.0, "colour": 0.0, "cutout": 0.0}


def test_a_slider_asks_for_the_variants_only(tools):
    tools.augment.show(FRUITS, [1])
    tools.idle()
    tools.augment.set_value("shift", 0.25)
    tools.augment.set_value("shift", 0.25)
    tools.augment.set_value("nonsense", 1)
    tools.idle()
    asked = tools.asker.works("augment_preview")
    assert len(asked) == 3
    assert asked[-1]["settings"]["shift"] == 0.25
    tools.augment.set_value("policy", POLICY)
    tools.idle()
    assert tools.asker.works("augment_preview")[-1]["policy"] == POLICY
    assert "policy" not in tools.asker.works("augment_preview")[-1]["settings"]


def test_while_a_slider_is_dragged_only_the_newest_is_drawn(tools):
    tools.augment.show(FRUITS, [1])
    tools.idle()
    tools.asker.gate.clear()
    for step in range(1, 20):
        tools.augment.set_value("colour", step / 100)
    tools.asker.gate.set()
    tools.idle()
    shown = [b["settings"]["colour"] for b in tools.asker.works("augment_preview")]
    assert shown[-1] == 0.19
    assert len(shown) <= 4


def test_nothing_is_asked_while_nobody_looks(tools):
    tools.augment.set_value("flip", True)
    tools.augment.draw_again()
    assert not tools.looks.busy
    tools.augment.show(FRUITS, [])
    assert not tools.looks.busy


def test_the_same_samples_are_not_drawn_twice_and_many_are_cut(tools):
    tools.augment.show(FRUITS, range(9))
    tools.idle()
    assert len(tools.asker.works("augment_preview")[0]["rows"]) == ROWS
    tools.augment.show(FRUITS, range(9))
    assert not tools.looks.busy
    tools.augment.leave()
    tools.augment.show(FRUITS, range(9))
    tools.idle()
    assert len(tools.asker.works("augment_preview")) == 4


def test_drawing_again_takes_another_seed(tools):
    tools.augment.show(FRUITS, [1])
    tools.idle()
    before = tools.asker.works("augment_preview")[-1]["seed"]
    tools.augment.draw_again()
    tools.idle()
    assert tools.asker.works("augment_preview")[-1]["seed"] != before


def test_values_of_a_recipe_are_shown_without_being_chosen(tools, heard):
    chosen, changed = heard(tools.augment.chosen), heard(tools.augment.changed)
    tools.augment.set_values({"flip": True, "steps": 5})
    assert tools.augment.values == NONE | {"flip": True}
    assert not tools.augment.plain
    tools.augment.set_values({"flip": True})
    assert (chosen, len(changed)) == ([], 1)
    tools.augment.choose()
    assert chosen == [NONE | {"flip": True}]
    tools.augment.set_values({})
    assert tools.augment.plain


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
    tools.augment.show(FRUITS, [0])
    tools.idle()
    assert [p.what for p in problems] == ["This policy is not known"]
