"""Shards of a batch job: the same files whoever makes them, and a killed one goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from genstudio.core.batch import BatchJob, Shard
from genstudio.core.errors import BadInput, GenStudioError, NotFound
from genstudio.core.events import Done, Event, Log, Preview, Progress, Result, Started
from genstudio.studio.merging import RESULTS, merge
from genstudio.studio.shard_lists import path_of, read_list, total_hash
from genstudio.studio.sharding import carry_out

JOB = BatchJob(model="m", task="sample", seed=7, count=200, values={"count": 1}, created="then")
ALONE = Shard(number=0, of=1)


class Maker:
    """Stands for the generate worker: each item's bytes follow from seed and index alone."""

    def __init__(self, mark: str = "", dies_at: int = -1) -> None:
        self.bodies: list[dict] = []
        self.mark, self.dies_at = mark, dies_at

    def __call__(self, body: dict, spool: Path) -> Iterator[Event]:
        self.bodies.append(body)
        request = body["request"]
        yield Started()
        for place in reversed(range(request["values"]["count"])):
            index = request["first"] + place
            if index == self.dies_at:
                raise KeyboardInterrupt
            path = spool / f"x-{place}.png"
            path.write_text(f"{request['seed']} {index} {body['created']}{self.mark}")
            yield Preview(index=place)
            yield Result(path=str(path), index=place, seed=request["seed"])
            yield Progress(done=1, total=2)
        yield Done()


def shard(text: str, out: Path, maker: Callable | None = None, job: BatchJob = JOB) -> list[Event]:
    return list(carry_out(job, out, Shard.parse(text), out, maker or Maker()))


def contents(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.glob("*.png")}


@pytest.mark.parametrize("of", [2, 3, 5])
def test_the_union_of_shards_is_what_one_process_makes(tmp_path: Path, of: int):
    alone = shard("0/1", tmp_path / "alone")
    folders = [tmp_path / str(number) for number in range(of)]
    for number, folder in enumerate(folders):
        shard(f"{number}/{of}", folder)
    *_, done = merge(folders, tmp_path / "all")
    assert contents(tmp_path / "all") == contents(tmp_path / "alone")
    assert done.data == {"results": 200, "sha256": alone[-1].data["sha256"]}
    assert len((tmp_path / "all" / RESULTS).read_bytes().splitlines()) == 200


def test_names_sort_by_index_and_results_are_told(tmp_path: Path):
    events = shard("0/1", tmp_path)
    told = [Path(e.path).name for e in events if isinstance(e, Result)]
    assert told == sorted(told) == sorted(contents(tmp_path))
    assert told[0] == "m-7-000.png"
    done = [e.done for e in events if isinstance(e, Progress)]
    assert done == sorted(done)
    assert done[-1] == 200


def test_all_shards_may_share_a_folder_and_be_checked_there(tmp_path: Path):
    for text in ("0/2", "1/2"):
        shard(text, tmp_path)
    *_, done = merge([tmp_path], None)
    assert done.data["results"] == 200
    assert not (tmp_path / RESULTS).exists()


def test_a_killed_shard_goes_on_at_its_block(tmp_path: Path):
    with pytest.raises(KeyboardInterrupt):
        shard("0/1", tmp_path, Maker(dies_at=130))
    assert len(contents(tmp_path)) == 128
    with path_of(tmp_path, ALONE).open("ab") as handle:
        handle.write(b'{"block": 2, "fi')  # torn
    maker = Maker()
    events = shard("0/1", tmp_path, maker)
    assert [body["request"]["first"] for body in maker.bodies] == [128, 192]
    assert any("128 of 200" in e.text for e in events if isinstance(e, Log))
    shard("0/1", tmp_path / "whole")
    assert contents(tmp_path) == contents(tmp_path / "whole")
    assert read_list(path_of(tmp_path, ALONE)).complete


def test_what_vanished_is_made_again_and_a_complete_shard_does_nothing(tmp_path: Path):
    shard("0/1", tmp_path)
    before = path_of(tmp_path, ALONE).read_bytes()
    maker = Maker()
    shard("0/1", tmp_path, maker)
    assert maker.bodies == []
    assert path_of(tmp_path, ALONE).read_bytes() == before
    (tmp_path / "m-7-070.png").unlink()
    shard("0/1", tmp_path, maker)
    assert [body["request"]["first"] for body in maker.bodies] == [64]
    assert (tmp_path / "m-7-070.png").is_file()


def test_something_else_is_never_overwritten(tmp_path: Path):
    (tmp_path / "m-7-003.png").write_text("mine")
    with pytest.raises(GenStudioError, match="holds something else"):
        shard("0/1", tmp_path)
    assert (tmp_path / "m-7-003.png").read_text() == "mine"


def test_a_list_of_another_job_is_refused(tmp_path: Path):
    shard("0/1", tmp_path)
    other = JOB.model_copy(update={"seed": 8})
    with pytest.raises(GenStudioError, match="another job"):
        shard("0/1", tmp_path, job=other)
    shard("0/1", tmp_path / "other", job=other)
    with pytest.raises(GenStudioError, match="different jobs"):
        list(merge([tmp_path, tmp_path / "other"], None))


def test_missing_shards_are_named(tmp_path: Path):
    shard("0/3", tmp_path)
    with pytest.raises(GenStudioError, match=r"2 of 4 blocks are missing.*1/3, 2/3"):
        list(merge([tmp_path], None))
    with pytest.raises(NotFound, match="no lists"):
        list(merge([tmp_path / "nothing"], None))


@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_a_damaged_result_is_noticed_by_its_hash(tmp_path: Path, damage: str):
    shard("0/1", tmp_path)
    path = tmp_path / "m-7-009.png"
    path.write_text("7 009 then") if damage == "changed" else path.unlink()
    with pytest.raises(GenStudioError, match=f"has {damage}" if damage == "changed" else "is gone"):
        list(merge([tmp_path], tmp_path / "out"))


def test_two_versions_of_a_result_are_not_merged_silently(tmp_path: Path):
    shard("0/1", tmp_path / "a")
    shard("0/1", tmp_path / "b", Maker(mark=" other driver"))
    with pytest.raises(GenStudioError, match="result 0 differently"):
        list(merge([tmp_path / "a", tmp_path / "b"], tmp_path / "out"))


def test_the_same_result_twice_is_one(tmp_path: Path):
    shard("0/1", tmp_path / "a")
    shard("0/1", tmp_path / "b")
    *_, done = merge([tmp_path / "a", tmp_path / "b"], tmp_path / "out")
    assert done.data["results"] == 200


def test_a_foreign_list_is_refused_in_words(tmp_path: Path):
    (tmp_path / "shard-0-of-1.jsonl").write_text('{"what": 1}\n')
    with pytest.raises(BadInput, match="no list of a shard"):
        list(merge([tmp_path], None))
    (tmp_path / "shard-0-of-1.jsonl").write_bytes(b"")
    with pytest.raises(BadInput, match="no list of a shard"):
        list(merge([tmp_path], None))


def test_inputs_are_found_from_the_job_file(tmp_path: Path):
    maker = Maker()
    job = JOB.model_copy(update={"inputs": {"image": "pictures/a.png"}, "count": 1})
    list(carry_out(job, tmp_path / "jobs", ALONE, tmp_path / "out", maker))
    assert maker.bodies[0]["request"]["inputs"] == {
        "image": str(tmp_path / "jobs" / "pictures" / "a.png")
    }
    assert total_hash([]) != total_hash(read_list(path_of(tmp_path / "out", ALONE)).blocks[0])
