"""Records beside gallery files, and the jobs of the queue: damage is seen, nothing is lost."""

import json

import pytest
from pydantic import ValidationError

from genstudio.core.artifact import Artifact, InputFacts, Provenance
from genstudio.core.errors import BadInput, Problem
from genstudio.core.job import Job, Message, QueueFile
from genstudio.core.request import Request

REQUEST = Request(model="toy", task="sample", values={"count": 3, "class": "名"}, seed=9, first=4)
MADE = Provenance(
    request=REQUEST,
    index=5,
    inputs={"image": InputFacts(name="a.png", sha256="0" * 64)},
    facts={"class": "名", "error": 0.25},
)
RECORD = Artifact(id="a-1", file="a-1.png", created="today", provenance=MADE, width=28, height=28)


def test_a_record_comes_back_whole():
    assert Artifact.from_bytes(RECORD.to_bytes(), "a.json") == RECORD
    starred = RECORD.model_copy(update={"starred": True})
    assert Artifact.from_bytes(starred.to_bytes(), "a.json").starred


@pytest.mark.parametrize(
    ("old", "new"),
    [('"seed": 9', '"seed": 8'), ('"starred": false', '"starred": true'), ("today", "todaz")],
)
def test_one_changed_value_is_noticed(old, new):
    text = RECORD.to_bytes().decode()
    assert old in text
    with pytest.raises(BadInput, match=r"a\.json is damaged"):
        Artifact.from_bytes(text.replace(old, new).encode(), "a.json")


def test_layout_and_order_of_the_text_do_not_matter():
    value = json.loads(RECORD.to_bytes())
    shuffled = json.dumps(dict(reversed(value.items())), ensure_ascii=True)
    assert Artifact.from_bytes(shuffled.encode(), "a.json") == RECORD


def test_a_record_without_its_hash_is_not_trusted():
    value = json.loads(RECORD.to_bytes())
    del value["check"]
    with pytest.raises(BadInput, match="hash differs"):
        Artifact.from_bytes(json.dumps(value).encode(), "a.json")


@pytest.mark.parametrize(
    "change",
    [{"width": -1}, {"file": "x" * 256}, {"id": "../up"}, {"id": ""}, {"output": "x" * 401}],
    ids=str,
)
def test_records_that_cannot_be_are_refused(change):
    with pytest.raises(ValidationError):
        Artifact(**{**dict(RECORD), **change})


def test_only_known_sources_of_a_picture():
    for known in ("trained", "composite", "algorithmic"):
        assert Provenance(request=REQUEST, source_type=known).source_type == known
    with pytest.raises(ValidationError):
        Provenance(request=REQUEST, source_type="photograph")


def job(number: int, **more) -> Job:
    return Job(id=str(number), role="generate", work="generate", title="T", body={}, **more)


def test_a_queue_keeps_order_states_and_problems():
    failed = job(2, state="failed", problem=Problem(what="No", next_step="Try."))
    made = QueueFile(paused=True, jobs=(job(3, state="paused"), job(1), failed))
    found = QueueFile.from_bytes(made.to_bytes(), "queue.json")
    assert found == made
    assert [entry.id for entry in found.jobs] == ["3", "1", "2"]
    assert found.jobs[2].problem is not None
    assert found.jobs[2].problem.sentence == "No. Try."


def test_a_queue_has_an_end():
    with pytest.raises(ValidationError, match="at most 10000"):
        QueueFile(jobs=(job(1),) * 10_001)
    assert QueueFile().jobs == ()


@pytest.mark.parametrize("work", ["", "Generate", "os.system", "a-b", "a b", "x1"])
def test_work_is_a_plain_word(work):
    with pytest.raises(ValidationError):
        Message(job="1", work=work)
