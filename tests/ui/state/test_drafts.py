"""Painted inputs: in memory until they are asked for, kept through a restart."""

from __future__ import annotations

from pathlib import Path

import pytest

from genstudio.ui.state.ask_state import AskState
from genstudio.ui.state.drafts import MOST_BYTES, pack, unpack, unpack_all
from tests.helpers.fake_studio import png


@pytest.fixture
def ask(studio) -> AskState:
    made = AskState(studio)
    made.set_model("redoer")
    made.set_task("fill")
    return made


@pytest.fixture
def picture(tmp_path) -> Path:
    path = tmp_path / "a.png"
    path.write_bytes(png(32))
    return path


@pytest.fixture
def other(tmp_path) -> Path:
    path = tmp_path / "b.png"
    path.write_bytes(png(16))
    return path


# ---- as JSON


def test_bytes_and_paths_go_through_json(picture):
    assert unpack(pack(b"\x89PNG")) == b"\x89PNG"
    assert unpack(pack(picture)) == picture


@pytest.mark.parametrize(
    "saved",
    [
        None,
        [],
        {},
        {"png": 3},
        {"png": "not base 64!"},
        {"png": ""},
        {"png": "A" * (MOST_BYTES + 4)},
        {"path": ""},
        {"path": "/nowhere/mask.png"},
        {"path": 7},
    ],
)
def test_what_is_none_of_ours_is_left_out(saved):
    assert unpack(saved) is None
    assert unpack_all({"mask": saved}) == {}
    assert unpack_all(saved) == {}


# ---- asking


def test_a_draft_counts_as_given_and_becomes_a_file_when_asked_for(ask, picture, studio):
    ask.set_input("image", picture)
    assert [c.name for c in ask.missing()] == ["mask"]
    ask.set_draft("mask", png(8))
    assert ask.missing() == []
    assert not (studio.home.root / "inputs").exists(), "nothing is written while one paints"
    request = ask.request(1)
    assert Path(request.inputs["mask"]).read_bytes() == png(8)
    assert ask.given("mask") == Path(request.inputs["mask"])
    assert ask.request(2).inputs == request.inputs


def test_a_draft_replaces_a_file_and_a_file_a_draft(ask, picture, heard):
    told = heard(ask.inputs_changed)
    ask.set_input("mask", picture)
    ask.set_draft("mask", b"1")
    ask.set_draft("mask", b"1")
    assert (ask.given("mask"), "mask" in ask.inputs) == (b"1", False)
    ask.set_input("mask", picture)
    assert (ask.given("mask"), "mask" in ask.drafts) == (picture, False)
    ask.set_input("mask", None)
    assert ask.given("mask") is None
    assert told == ["mask"] * 4


def test_a_mask_that_was_there_before_its_picture_stays(ask, picture):
    ask.set_draft("mask", png(8))
    ask.set_input("image", picture)
    assert ask.given("mask") == png(8)


def test_drafts_of_other_tasks_are_not_written(ask, picture, other):
    ask.set_input("image", other)
    ask.set_draft("mask", png(8))
    ask.set_task("redo")
    ask.set_input("image", picture)
    assert ask.given("mask") is None, "it lay over another picture"
    ask.set_draft("mask", png(8))
    assert ask.request(1).inputs == {"image": str(picture)}
    assert ask.given("mask") == png(8)


# ---- the last mask


def test_the_mask_of_the_last_picture_can_be_used_again(ask, picture, tmp_path):
    ask.set_input("image", picture)
    assert not ask.use_former("mask")
    ask.set_draft("mask", b"painted")
    other = tmp_path / "b.png"
    other.write_bytes(png(16))
    ask.set_input("image", other)
    assert ask.given("mask") is None
    assert ask.use_former("mask")
    assert ask.given("mask") == b"painted"


def test_a_mask_goes_with_its_picture_also_while_another_task_is_chosen(ask, picture, tmp_path):
    ask.set_input("image", picture)
    ask.set_draft("mask", b"painted")
    ask.set_task("redo")
    ask.set_input("image", None)
    assert ask.given("mask") is None
    assert ask.former == {"mask": b"painted"}


def test_a_last_mask_whose_file_is_gone_is_not_used(ask, tmp_path):
    mask = tmp_path / "mask.png"
    mask.write_bytes(png(8))
    ask.set_input("mask", mask)
    ask.set_input("mask", None)
    mask.unlink()
    assert not ask.use_former("mask")


def test_picture_mask_and_last_mask_are_there_after_a_restart(ask, picture, other, studio, heard):
    ask.set_input("image", other)
    ask.set_draft("mask", b"first")
    ask.set_input("image", picture)
    ask.set_draft("mask", b"second")
    again = AskState(studio)
    told = heard(again.inputs_changed)
    again.restore(ask.snapshot())
    assert again.given("image") == picture
    assert again.given("mask") == b"second"
    assert again.former == {"mask": b"first"}
    assert sorted(told) == ["image", "mask"]


def test_a_damaged_session_costs_only_what_is_damaged(ask, picture, studio):
    ask.set_input("image", picture)
    saved = ask.snapshot()
    saved.update(drafts={"mask": {"png": "?"}}, former="nothing")
    again = AskState(studio)
    again.restore(saved)
    assert again.given("image") == picture
    assert (again.drafts, again.former) == ({}, {})


# ---- where a picture could go


def test_slots_begin_with_the_task_at_hand(ask):
    found = [(slot.model, slot.task, slot.name) for slot in ask.slots("image")]
    assert found == [
        ("redoer", "fill", "image"),
        ("redoer", "redo", "image"),
        ("critic", "judge", "image"),
    ]
    assert [slot.name for slot in ask.slots("mask")] == ["mask"]
    assert ask.slots("file", ".LATENT")[0].label == "Code"
    assert ask.slots("file", ".exe") == []
    assert (ask.slots("image")[0].title, ask.slots("image")[0].label) == ("Fill", "Picture")
