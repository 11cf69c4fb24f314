"""A series as one job: places counted through, single faults told, stops and going on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from genstudio.core import files
from genstudio.core.artifact import UNFINISHED
from genstudio.core.errors import BadInput, DiskFull
from genstudio.core.events import Done, Event, Log, Preview, Progress, Result, Started
from genstudio.core.job import Message
from genstudio.core.paths import Home
from genstudio.core.request import Request
from genstudio.core.series import Item, Series
from genstudio.engine.loaded_model import Stopped as EngineStopped
from genstudio.workers import many
from genstudio.workers.context import Context, Stopped

NAMES = ("ant", "bee", "cat")


def made_of(count: int = 1, names: tuple[str, ...] = NAMES) -> Series:
    base = Request(model="m", task="t", seed=3, values={"count": count})
    items = tuple(Item(name=name, first=i * count) for i, name in enumerate(names))
    return Series(id="list-1", title="M: three", base=base, items=items)


class Script:
    """Makes what each item asks for, and what `faults` and `stop` say."""

    def __init__(self, faults: dict[str, Exception] | None = None, stop: str = "") -> None:
        self.faults, self.stop = faults or {}, stop
        self.bodies: list[dict] = []
        self.spools: list[str] = []

    def __call__(self, message: Message, context: Context) -> Iterator[Event]:
        body = dict(message.body)
        self.bodies.append(body)
        self.spools.append(str(context.spool))
        name, request = body["group"]["name"], Request.model_validate(body["request"])
        yield Started(device="CPU", threads=1)
        yield Progress(done=1, total=2, text="step 1 of 2")
        if name in self.faults:
            raise self.faults[name]
        for index in range(request.count):
            yield Preview(index=index, data="AA==")
            yield Result(path=f"{name}-{index}", index=index, seed=request.seed)
        if name == self.stop:
            context.cancel()
        yield Done(data={"count": request.count})


@pytest.fixture
def context(tmp_path) -> Context:
    home = Home(tmp_path / "home")
    return Context(home=home, spool=home.spool / "job")


def run(script: Script, context: Context, **body: object) -> list[Event]:
    body.setdefault("series", made_of().model_dump(mode="json"))
    return list(many.carry_out(script, Message(job="j", work="series", body=body), context))


def of(events: list[Event], kind: type) -> list:
    return [event for event in events if isinstance(event, kind)]


def test_results_are_counted_over_all_items(context):
    events = run(Script(), context, series=made_of(2).model_dump(mode="json"))
    assert [r.index for r in of(events, Result)] == list(range(6))
    assert [p.index for p in of(events, Preview)] == list(range(6))
    assert [r.path for r in of(events, Result)][2] == "bee-0"
    assert of(events, Done) == [events[-1]]
    assert events[-1].data == {"count": 6, "failed": [], "seed": 3}


def test_each_item_has_its_request_its_group_and_its_folder(context):
    script = Script()
    run(script, context, level="bare", ext=".webp", other=1)
    assert [body["request"]["first"] for body in script.bodies] == [0, 1, 2]
    assert script.bodies[2]["group"] == {
        "id": "list-1", "title": "M: three", "name": "cat", "place": 2,
    }  # fmt: skip
    assert {(b["level"], b["ext"]) for b in script.bodies} == {("bare", ".webp")}
    assert "other" not in script.bodies[0]
    assert len(set(script.spools)) == 3


def test_progress_goes_through_all_items_and_the_device_is_told_once(context):
    events = run(Script(), context)
    steps = of(events, Progress)
    assert [p.done for p in steps] == sorted(p.done for p in steps)
    assert (steps[0].done, steps[-1].done, steps[-1].total) == (0, 3, 3)
    assert [p.text for p in steps if p.text] == ["1 of 3 · ant", "2 of 3 · bee", "3 of 3 · cat"]
    assert len(of(events, Started)) == 1


def test_one_that_fails_is_told_and_the_rest_is_made(context):
    events = run(Script({"bee": BadInput("bee.png is no picture")}), context)
    assert [r.index for r in of(events, Result)] == [0, 2]
    (log,) = of(events, Log)
    assert (log.level, log.index) == ("error", 1)
    assert log.text.startswith("bee: bee.png is no picture")
    assert events[-1].data["count"] == 2
    assert events[-1].data["failed"][0]["index"] == 1
    assert events[-1].data["failed"][0]["name"] == "bee"


def test_a_bug_in_one_item_is_a_sentence_too(context):
    events = run(Script({"ant": ZeroDivisionError("division by zero")}), context)
    assert "making ant" in of(events, Log)[0].text
    assert len(of(events, Result)) == 2


def test_where_all_fail_the_first_reason_is_raised(context):
    faults = {name: BadInput(f"{name} is bad") for name in NAMES}
    with pytest.raises(BadInput, match="ant is bad"):
        run(Script(faults), context)


def test_a_full_disk_ends_it(context):
    script = Script({"bee": DiskFull("The disk is full")})
    with pytest.raises(DiskFull):
        run(script, context)
    assert len(script.bodies) == 2


def test_a_stop_ends_it_before_the_next_item(context):
    heard: list[Event] = []
    body = {"series": made_of().model_dump(mode="json")}
    script = Script(stop="ant")
    stream = many.carry_out(script, Message(job="j", work="series", body=body), context)
    with pytest.raises(Stopped):
        heard.extend(event for event in stream)
    assert [r.index for r in of(heard, Result)] == [0]
    assert len(script.bodies) == 1


def test_a_stop_in_the_middle_of_a_network_is_no_fault(context):
    def one(message: Message, at: Context) -> Iterator[Event]:
        yield Started(device="CPU", threads=1)
        at.cancel()
        yield Result(path="half", index=0, seed=3, data={UNFINISHED: "stopped at step 1 of 2"})
        raise EngineStopped  # what the run of a network ends with

    heard: list[Event] = []
    body = {"series": made_of().model_dump(mode="json")}
    with pytest.raises(EngineStopped):
        heard.extend(many.carry_out(one, Message(job="j", work="series", body=body), context))
    assert [r.path for r in of(heard, Result)] == ["half"]
    assert of(heard, Log) == []


def test_what_is_there_already_is_not_made_again(context):
    script = Script()
    events = run(script, context, series=made_of(2).model_dump(mode="json"), made=[0, 1, 2])
    assert [body["group"]["name"] for body in script.bodies] == ["bee", "cat"]
    assert [r.index for r in of(events, Result)] == [3, 4, 5]
    assert events[-1].data["count"] == 6


def test_unfinished_pictures_do_not_count_as_made(context):
    def half(message: Message, place: Context) -> Iterator[Event]:
        yield Result(path="x", index=0, data={UNFINISHED: "stopped at step 1 of 2"})

    body = {"series": made_of(names=("ant",)).model_dump(mode="json")}
    events = list(many.carry_out(half, Message(job="j", work="series", body=body), context))
    assert events[-1].data["count"] == 0


def test_a_series_on_the_shelf_is_found_by_its_name(context):
    asked = made_of()
    files.write_bytes(context.home.series / "list-1.json", asked.model_dump_json().encode())
    assert len(of(run(Script(), context, series="list-1"), Result)) == 3
    with pytest.raises(BadInput):
        run(Script(), context, series="list-2")
