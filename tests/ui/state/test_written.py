"""Drafts on their way: what is added, what is void, what is kept, and nonsense that comes."""

from __future__ import annotations

import json

import pytest

from genstudio.core.events import Result, Words
from genstudio.core.request import Request
from genstudio.core.writing import AGAIN, ENDED, RATE, TOKENS
from genstudio.ui.state.written import TOLD, Draft, token_of, unpacked


def said(text: str, *parts: str, **data) -> Words:
    return Words(text=text, data={TOKENS: [{"t": part, "p": 0.5} for part in parts], **data})


def result(**data) -> Result:
    return Result(path="a.txt", output="text", data=data)


def request(**values) -> Request:
    return Request(model="stories", task="sample", values=values, seed=7, first=2)


# ---- words


def test_a_draft_waits_until_something_is_said():
    draft = Draft(1)
    assert (draft.state, draft.open) == ("waiting", True)
    assert draft.take_words(said("a", "a"), now=1.0) is False
    assert (draft.state, draft.open, draft.text) == ("writing", True, "a")


def test_text_without_tokens_is_text_all_the_same():
    draft = Draft(0)
    draft.take_words(Words(text="ünï "), now=1.0)
    draft.take_words(Words(text="名前", data={TOKENS: "none"}), now=2.0)
    assert (draft.text, draft.tokens, draft.rate) == ("ünï 名前", [], 0.0)


def test_what_is_said_again_begins_anew():
    draft = Draft(0)
    draft.take_words(said("one two", "one", " two"), now=1.0)
    draft.take_words(said(" three", " three"), now=2.0)
    assert draft.take_words(said("uno", "uno", **{AGAIN: True}), now=5.0) is True
    assert draft.text == "uno"
    assert [token.t for token in draft.tokens] == ["uno"]
    draft.take_words(said(" dos tres", " dos", " tres"), now=6.0)
    assert draft.rate == pytest.approx(2.0)


@pytest.mark.parametrize("again", [1, "true", None, []])
def test_only_true_makes_void(again):
    draft = Draft(0, text="kept")
    assert draft.take_words(Words(text="", data={AGAIN: again}), now=1.0) is False
    assert draft.text == "kept"


def test_two_messages_at_the_same_moment_are_no_endless_speed():
    draft = Draft(0)
    draft.take_words(said("a", "a"), now=3.0)
    draft.take_words(said("b", "b"), now=3.0)
    assert draft.rate == 0.0


# ---- the end


def test_a_result_tells_speed_reason_and_place():
    draft = Draft(0, text="a", state="writing")
    draft.take_result(result(**{RATE: 41.5, ENDED: "stop", "artifact": "a7", "start": 4}))
    assert (draft.state, draft.open) == ("done", False)
    assert (draft.rate, draft.ended, draft.artifact) == (41.5, "stop", "a7")
    assert draft.facts["start"] == 4


def test_a_result_that_tells_nothing_keeps_what_is_known():
    draft = Draft(0, rate=12.0)
    draft.take_result(result(**{RATE: "fast"}))
    assert (draft.rate, draft.ended, draft.artifact, draft.state) == (12.0, "", "", "done")


def test_what_was_stopped_stays_stopped():
    draft = Draft(0, state="stopped")
    draft.take_result(result(**{ENDED: "stopped"}))
    assert (draft.state, draft.ended) == ("stopped", "stopped")


# ---- what is kept of it


def test_a_passage_leaves_out_the_texts_it_was_given():
    draft = Draft(1)
    draft.take_words(said("on a time", "on", " a", " time"), now=1.0)
    asked = request(prompt="Once up", banned="x" * 201, stop="END", temperature=0.5)
    passage = draft.passage(4, asked, "Stories")
    assert passage.values == {"stop": "END", "temperature": 0.5}
    assert (passage.number, passage.seed, passage.index) == (4, 7, 3)
    assert passage.text == "on a time"
    assert [token.p for token in passage.tokens] == [0.5] * 3


def test_an_empty_draft_is_an_empty_passage():
    assert Draft(0).passage(1, request(), "Stories").text == ""


# ---- tokens


@pytest.mark.parametrize(
    "entry",
    [None, 7, [], {}, {"t": ""}, {"t": "", "p": "likely"}, {"t": "", "p": float("nan")},
     {"t": "", "p": [1]}, {"t": "", "top": [["a", "b"]]}, {"t": "", "top": {"a": 1}}],
)  # fmt: skip
def test_nonsense_is_an_empty_token(entry):
    token = token_of(entry)
    assert token.t == ""
    assert 0.0 <= token.p <= 1.0
    assert token.top == ()


@pytest.mark.parametrize(("p", "kept"), [(1.5, 1.0), (-0.1, 0.0), (1, 1.0), (True, 1.0)])
def test_chances_lie_between_never_and_always(p, kept):
    assert token_of({"t": "a", "p": p}).p == kept


def test_only_the_likeliest_others_are_kept():
    many = [[f"w{place}", 0.1 - place / 100] for place in range(9)]
    top = token_of({"t": "a", "p": 0.5, "top": many}).top
    assert len(top) == TOLD
    assert top[0] == ("w0", 0.1)


# ---- between sessions


def test_a_draft_survives_json():
    draft = Draft(3)
    draft.take_words(said("ünï 😀\n", "ünï", " 😀", "\n"), now=1.0)
    draft.take_result(result(**{ENDED: "end", "artifact": "a1"}))
    again = unpacked(json.loads(json.dumps(draft.packed())))
    assert again.packed() == draft.packed()
    assert (again.state, again.index, again.ended) == ("done", 3, "end")


@pytest.mark.parametrize("state", ["waiting", "writing", "dreaming", None, 3])
def test_what_was_under_way_has_been_stopped(state):
    assert unpacked({"state": state}).state == "stopped"


def test_an_old_session_that_tells_little():
    again = unpacked({})
    assert (again.index, again.text, again.tokens) == (0, "", [])
