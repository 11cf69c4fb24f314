"""Two axes over a request: which settings vary, and what each cell asks for."""

from __future__ import annotations

import pytest

from genstudio.core.controls import Choice, Int, Seed, Text
from genstudio.core.errors import UsageError
from genstudio.core.family import Task
from genstudio.core.request import Request
from genstudio.core.sweep import read_axis
from genstudio.studio import sweep
from tests.helpers.fake_studio import JUDGE, MAKE, WALK, FakeModel

SAY = Task(
    name="make",
    title="Say",
    verb="Say",
    controls=(
        Text(name="prompt", label="Prompt", role="prompt"),
        Int(name="steps", label="Steps", default=4, low=1, high=9),
    ),
)
SHAPES = FakeModel("shapes", "Shapes", (MAKE, WALK))
OTHER = FakeModel("other", "Other shapes", (SAY,))
MODELS = [SHAPES, OTHER]
BASE = Request(
    model="shapes",
    task="make",
    seed=11,
    first=3,
    values={"count": 9, "amount": 0.5, "kind": "any"},
)
TOLD = Request(model="other", task="make", seed=1, values={"prompt": "a red cat, smiling"})


def axis(name: str, text: str, find: str = "", model: FakeModel = SHAPES, task: Task = MAKE):
    able = sweep.axes(model, task, MODELS)
    return read_axis(sweep.control_named(able, name), text, find, draw=lambda: 5)


def test_what_can_vary():
    names = [control.name for control in sweep.axes(SHAPES, MAKE, MODELS)]
    assert names[:2] == ["kind", "amount"]
    assert names[-2:] == ["seed", "model"]
    assert "count" not in names
    model = sweep.axes(SHAPES, MAKE, MODELS)[-1]
    assert isinstance(model, Choice)
    assert model.values() == ("shapes", "other")
    # Nobody else can walk, so there is no other model to compare.
    assert isinstance(sweep.axes(SHAPES, WALK, MODELS)[-1], Seed)
    assert sweep.axes(FakeModel("critic", "Critic", (JUDGE,)), JUDGE, MODELS) == ()
    with pytest.raises(UsageError, match="what can: kind, amount"):
        sweep.control_named(sweep.axes(SHAPES, MAKE, MODELS), "count")


def test_cells_go_row_by_row_and_share_seed_and_number():
    asked = sweep.make(MODELS, BASE, axis("amount", "0, 1"), axis("kind", "boot, bag, any"))
    assert (asked.columns, asked.rows, asked.total) == (2, 3, 6)
    cells = [asked.request(number) for number in range(6)]
    assert [c.values["amount"] for c in cells] == [0.0, 1.0] * 3
    assert [c.values["kind"] for c in cells] == ["boot"] * 2 + ["bag"] * 2 + ["any"] * 2
    assert {(c.seed, c.first, c.values["count"]) for c in cells} == {(11, 3, 1)}
    assert asked.items[3].name == "amount 1, kind bag"
    assert asked.title == "Shapes: Amount × Kind"
    assert asked.id.startswith("sweep-")


def test_one_axis_is_one_row():
    asked = sweep.make(MODELS, BASE, axis("seed", "1-3"))
    assert (asked.columns, asked.rows) == (3, 1)
    assert [asked.request(number).seed for number in range(3)] == [1, 2, 3]
    assert asked.title == "Shapes: Seed"


def test_other_models_keep_what_they_have_of_the_settings():
    base = BASE.model_copy(update={"values": {**BASE.values, "steps": 7}})
    asked = sweep.make(MODELS, BASE, axis("model", "all"))
    assert [asked.request(number).model for number in range(2)] == ["shapes", "other"]
    assert asked.request(1).values == {"prompt": "", "steps": 4}
    with pytest.raises(UsageError, match="no setting 'steps'"):
        sweep.make(MODELS, base, axis("model", "all"))
    with pytest.raises(UsageError, match=r"amount 1, model Other shapes: .*no setting 'amount'"):
        sweep.make(MODELS, BASE, axis("amount", "1"), axis("model", "other"))


def test_words_of_one_prompt_on_both_axes():
    across = axis("prompt", "blue, green", "red", OTHER, SAY)
    down = axis("prompt", "sad", "smiling", OTHER, SAY)
    asked = sweep.make(MODELS, TOLD, across, down)
    assert asked.request(1).values["prompt"] == "a green cat, sad"
    assert asked.items[1].name == "red green, smiling sad"
    with pytest.raises(UsageError, match="is on both axes"):
        sweep.make(MODELS, TOLD, across, across)
    with pytest.raises(UsageError, match="'dog' does not stand"):
        sweep.make(MODELS, TOLD, axis("prompt", "x", "dog", OTHER, SAY))


@pytest.mark.parametrize(
    ("across", "down", "words"),
    [
        (("amount", "0, 1"), ("amount", "0.5"), "is on both axes"),
        (("seed", "1-20"), ("amount", "0-1 (6)"), "at most 100 pictures, not 120"),
    ],
)
def test_what_is_no_sweep_is_a_sentence(across, down, words):
    with pytest.raises(UsageError, match=words):
        sweep.make(MODELS, BASE, axis(*across), axis(*down))


def test_a_cell_that_cannot_be_asked_is_named():
    twice = axis("kind", "bag")
    broken = twice.model_copy(update={"values": ("sofa",), "labels": ("sofa",)})
    with pytest.raises(UsageError, match=r"kind sofa: .*one of any"):
        sweep.make(MODELS, BASE, broken)
    with pytest.raises(UsageError, match="no model 'gone'"):
        sweep.make(MODELS, BASE.model_copy(update={"model": "gone"}), twice)
