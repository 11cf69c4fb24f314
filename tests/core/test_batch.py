"""A batch job: blocks that do not depend on who makes them."""

import pytest
from pydantic import ValidationError

from genstudio.core.batch import BLOCK, BatchJob, Shard
from genstudio.core.errors import BadInput, UsageError


def job(**fields) -> BatchJob:
    return BatchJob(
        **{"model": "m", "task": "sample", "seed": 7, "count": 200, "values": {"count": 16}}
        | fields
    )


def test_blocks_cover_the_job_once():
    made = job(first=5)
    assert made.blocks == 4
    asked = [made.request(block) for block in range(made.blocks)]
    items = [r.first + i for r in asked for i in range(r.count)]
    assert items == list(range(5, 205))
    assert {r.seed for r in asked} == {7}
    assert made.size(3) == 200 - 3 * BLOCK


@pytest.mark.parametrize("of", [1, 2, 3, 4, 9])
def test_shards_share_the_blocks(of: int):
    made = job()
    mine = [block for n in range(of) for block in Shard(number=n, of=of).blocks(made)]
    assert sorted(mine) == list(range(made.blocks))


def test_a_task_without_a_count_gets_none():
    assert job(values={"psi": 0.5}, count=1).request(0).values == {"psi": 0.5}


def test_the_hash_follows_all_that_is_asked():
    hashes = {j.sha256 for j in (job(), job(seed=8), job(count=201), job(created="now"))}
    assert len(hashes) == 4
    assert job().sha256 == job().sha256


def test_only_the_moment_may_differ():
    assert job(created="a").asks_the_same(job(created="b"))
    assert not job().asks_the_same(job(seed=1))


def test_a_job_comes_back_from_its_file(tmp_path):
    path = tmp_path / "job.json"
    path.write_bytes(job(inputs={"image": "a.png"}).to_bytes())
    assert BatchJob.read(path) == job(inputs={"image": "a.png"})
    path.write_text('{"format": 1, "model": "m"}')
    with pytest.raises(BadInput, match=r"job\.json"):
        BatchJob.read(path)


def test_too_far_is_refused():
    with pytest.raises(ValidationError, match="together"):
        job(first=999_999, count=2)


@pytest.mark.parametrize("text", ["2/2", "3/2", "1", "a/2", "-1/2", "1/", "/2", ""])
def test_shards_that_are_none(text: str):
    with pytest.raises(UsageError, match="0/2 and 1/2"):
        Shard.parse(text)


def test_shards_are_counted_from_zero():
    assert Shard.parse("0/2") == Shard(number=0, of=2)
    assert Shard.parse("7/8").number == 7


def test_blocks_may_be_smaller_and_old_jobs_keep_their_hash():
    job = BatchJob(model="m", task="sample", values={"count": 1}, seed=1, count=20)
    assert b"block" not in job.to_bytes()
    small = job.model_copy(update={"block": 8})
    assert BatchJob.from_bytes(small.to_bytes(), "job.json") == small
    assert BatchJob.from_bytes(job.to_bytes(), "job.json") == job
    assert [small.request(block).first for block in range(small.blocks)] == [0, 8, 16]
    assert [small.size(block) for block in range(small.blocks)] == [8, 8, 4]
    assert small.sha256 != job.sha256
