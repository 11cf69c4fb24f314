"""What is about to be asked: models, tasks, values, seed and inputs."""

from __future__ import annotations

import pytest

from genstudio.core.controls import MAX_SEED
from genstudio.core.errors import UsageError
from genstudio.core.request import Request
from genstudio.ui.state.ask_state import AskState


@pytest.fixture
def ask(studio) -> AskState:
    return AskState(studio)


def test_the_first_maker_of_pictures_is_chosen_and_judges_come_last(ask):
    assert [m.id for m in ask.models] == ["shapes", "redoer", "critic"]
    assert (ask.model_id, ask.task_name) == ("shapes", "make")
    assert ask.values == {
        "count": 4, "kind": "any", "amount": 1.0,
        "variation": 0.0, "variation_seed": 0, "variation_of": -1,
    }  # fmt: skip


def test_a_task_stays_where_the_next_model_has_it_too(ask):
    ask.set_model("redoer")
    assert ask.task_name == "make"
    ask.set_model("critic")
    assert ask.task_name == "judge"
    ask.set_model("nothing")
    ask.set_task("nothing")
    assert (ask.model_id, ask.task_name) == ("critic", "judge")


def test_every_model_and_task_keeps_its_own_values(ask, heard):
    edits = heard(ask.edited)
    ask.set_value("count", 9)
    ask.set_value("count", 9)
    assert edits == ["count"]
    ask.set_model("redoer")
    assert ask.values["count"] == 4
    ask.set_model("shapes")
    assert ask.values["count"] == 9
    ask.reset_values()
    assert ask.values["count"] == 4


@pytest.mark.parametrize("bad", [0, 65, "many", None, 2.5])
def test_values_that_do_not_fit_are_dropped(ask, bad):
    ask.set_value("count", bad)
    ask.set_values({"count": bad, "kind": "boot", "unknown": 1})
    assert ask.values["count"] == 4
    assert ask.values["kind"] == "boot"
    assert "unknown" not in ask.values


def test_an_unlocked_seed_is_drawn_anew_and_a_locked_one_stays(ask):
    drawn = {ask.next_seed() for _ in range(8)}
    assert len(drawn) > 1
    assert all(0 <= seed <= MAX_SEED for seed in drawn)
    ask.set_seed(7, locked=True)
    assert [ask.next_seed(), ask.next_seed()] == [7, 7]
    ask.set_seed(-5)
    assert ask.seed == 0
    assert ask.seed_locked


def test_required_inputs_are_asked_for_in_order(ask, tmp_path):
    ask.set_model("redoer")
    ask.set_task("fill")
    assert [c.name for c in ask.missing()] == ["image", "mask"]
    ask.set_input("image", tmp_path / "a.png")
    assert [c.name for c in ask.missing()] == ["mask"]


def test_a_file_that_is_gone_is_told_and_not_taken(ask, tmp_path, heard):
    ask.set_model("redoer")
    ask.set_task("fill")
    here, gone = tmp_path / "here.png", tmp_path / "gone.png"
    here.write_bytes(b"")
    problems, shown = heard(ask.problem), heard(ask.inputs_changed)
    assert ask.take_file("image", here)
    assert not ask.take_file("image", gone)
    assert ask.inputs["image"] == here
    assert shown == ["image", "image"], "the form shows again what the slot holds"
    (problem,) = problems
    assert problem.sentence.startswith(f"gone.png is not there any more ({tmp_path})")
    assert ask.take_file("image", None)
    assert "image" not in ask.inputs


def test_a_mask_goes_when_its_picture_changes(ask, tmp_path, heard):
    ask.set_model("redoer")
    ask.set_task("fill")
    ask.set_input("image", tmp_path / "a.png")
    mask = ask.set_input_bytes("mask", b"white", ".png")
    assert mask.read_bytes() == b"white"
    changes = heard(ask.inputs_changed)
    ask.set_input("image", tmp_path / "a.png")
    assert changes == []
    ask.set_input("image", tmp_path / "b.png")
    assert "mask" not in ask.inputs
    assert sorted(changes) == ["image", "mask"]


def test_the_request_holds_what_the_form_says(ask, tmp_path):
    ask.set_value("count", 3)
    request = ask.request(5, first=2)
    assert (request.model, request.task, request.seed, request.first) == ("shapes", "make", 5, 2)
    assert request.values["count"] == 3
    assert ask.request(5, count=1, live=True).values["count"] == 1
    assert ask.request(5, live=True).live


def test_only_inputs_of_the_task_travel(ask, tmp_path):
    picture = tmp_path / "a.png"
    picture.write_bytes(b"x")
    ask.set_input("image", picture)
    assert ask.request(1).inputs == {}
    ask.set_model("redoer")
    ask.set_task("redo")
    assert ask.request(1).inputs == {"image": str(picture)}


def test_without_models_there_is_a_sentence(studio, heard):
    studio.library.models.clear()
    ask = AskState(studio)
    assert ask.task is None
    assert ask.missing() == []
    with pytest.raises(UsageError, match="No model"):
        ask.request(1)


def test_a_removed_model_gives_way_to_the_next(ask, studio, heard):
    changes = heard(ask.model_changed)
    ask.set_model("redoer")
    studio.library.models.pop(1)
    ask.reload_models()
    assert ask.model_id == "shapes"
    assert len(changes) == 2


def test_adopting_a_request_takes_values_inputs_and_seed(ask, tmp_path):
    picture = tmp_path / "a.png"
    picture.write_bytes(b"x")
    request = Request(
        model="redoer", task="redo", seed=42, first=3,
        inputs={"image": str(picture), "mask": "/gone.png"},
    )  # fmt: skip
    notes = ask.adopt(request)
    assert (ask.model_id, ask.task_name, ask.seed, ask.first) == ("redoer", "redo", 42, 3)
    assert ask.seed_locked
    assert ask.inputs == {"image": picture}
    assert notes == ["The input file gone.png is no longer there."]


def test_adopting_without_the_seed_leaves_it_alone(ask):
    ask.set_seed(1)
    notes = ask.adopt(
        Request(model="shapes", task="make", seed=42, values={"count": 2, "old": 1}), seed=False
    )
    assert ask.seed == 1
    assert ask.values["count"] == 2
    assert notes == ["old was left out: it no longer fits."]


@pytest.mark.parametrize(
    ("model", "task", "words"),
    [("gone", "make", "not installed"), ("shapes", "gone", "no task")],
)
def test_what_is_not_there_is_said(ask, model, task, words):
    assert words in ask.adopt(Request(model=model, task=task))[0]


def test_a_snapshot_comes_back_whole(ask, studio, tmp_path):
    picture = tmp_path / "a.png"
    picture.write_bytes(b"x")
    ask.set_value("count", 11)
    ask.set_model("redoer")
    ask.set_task("redo")
    ask.set_input("image", picture)
    ask.set_seed(99, locked=True, first=4)
    saved = ask.snapshot()

    other = AskState(studio)
    other.restore(saved)
    assert other.snapshot() == saved
    other.set_model("shapes")
    other.set_task("make")
    assert other.values["count"] == 11


@pytest.mark.parametrize(
    "saved",
    [{}, {"values": [1, [2]], "seed": "x", "inputs": 3}, {"model": 5, "inputs": {"image": "/no"}}],
)
def test_a_foreign_snapshot_does_no_harm(ask, saved):
    ask.restore(saved)
    assert (ask.model_id, ask.task_name, ask.inputs) == ("shapes", "make", {})
    assert not ask.seed_known


def test_a_slot_is_looked_for_from_the_task_at_hand_outwards(ask, tmp_path):
    slot = ask.slot_for("image")
    assert (slot.model, slot.task, slot.name) == ("redoer", "redo", "image")
    ask.set_model("redoer")
    ask.set_task("fill")
    assert ask.slot_for("image").task == "fill"
    assert ask.slot_for("file", ".LATENT").task == "open"
    assert ask.slot_for("file", ".exe") is None
    slot.take(ask, tmp_path / "a.png")
    assert (ask.task_name, ask.inputs["image"]) == ("redo", tmp_path / "a.png")
