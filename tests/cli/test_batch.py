"""`generate --job --shard` and `merge`: one job file, any number of processes, the same files."""

from __future__ import annotations

import pytest

from genstudio.cli import batch
from genstudio.core.batch import BatchJob, Shard
from genstudio.core.errors import UsageError

WORDS = ("tiny-gan", "--count", 100, "--seed", 7, "--set", "truncation=0.8")


@pytest.fixture
def job(cli, tmp_path):
    """A job file for 100 pictures."""
    path = tmp_path / "job.json"
    done = cli("generate", *WORDS, "--job", path)
    assert done.code == 0, done.err
    assert done.out.strip() == str(path)
    assert "--shard 0/2" in done.err
    return path


def pictures(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.png")}


def test_two_shards_merged_equal_one_process_byte_for_byte(cli, job, tmp_path):
    for number in (0, 1):
        words = ("--job", job, "--shard", f"{number}/2", "--out", tmp_path / str(number))
        done = cli("generate", *words)
        assert done.code == 0, done.err
        assert done.err.count("on CPU") == 1
    assert cli("generate", "--job", job, "--out", tmp_path / "alone").code == 0
    merged = cli("merge", tmp_path / "0", tmp_path / "1", "--out", tmp_path / "all")
    assert merged.code == 0, merged.err
    assert "100 results, sha256 " in merged.out
    assert pictures(tmp_path / "all") == pictures(tmp_path / "alone")
    assert len(pictures(tmp_path / "all")) == 100
    alone = cli("merge", tmp_path / "alone")
    assert alone.out == merged.out


def test_a_job_says_all_of_it(cli, job):
    made = BatchJob.read(job)
    assert (made.count, made.seed, made.values["truncation"]) == (100, 7, 0.8)
    assert len(made.model_sha256) == 64
    assert made.created


def test_the_same_words_carry_a_job_on_and_others_are_refused(cli, job, tmp_path):
    before = job.read_bytes()
    done = cli("generate", *WORDS, "--job", job, "--shard", "1/2", "--out", tmp_path / "out")
    assert done.code == 0, done.err
    assert job.read_bytes() == before
    done = cli("generate", "tiny-gan", "--count", 3, "--seed", 8, "--job", job)
    assert done.code == 2
    assert "asks for something else" in done.err


def test_json_ends_with_the_hash(cli, job, tmp_path):
    done = cli("generate", "--job", job, "--shard", "0/2", "--out", tmp_path / "o", "--json")
    assert done.events[-1]["kind"] == "done"
    assert len(done.events[-1]["data"]["sha256"]) == 64
    indices = [event["index"] for event in done.events if event["kind"] == "result"]
    assert indices == list(range(64))


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("--shard", "0/2"), 2, "needs --job"),
        (("--job", "gone.json"), 1, "gone.json"),
        (("tiny-gan", "--count", "0", "--job", "x.json"), 2, "from 1 to"),
        (("tiny-gan", "--task", "interpolate", "--count", "9", "--job", "x.json"), 2, "one result"),
    ],
)
def test_sentences(cli, tmp_path, monkeypatch, words, code, sentence):
    monkeypatch.chdir(tmp_path)
    done = cli("generate", *words)
    assert done.code == code, done.err
    assert sentence in done.err
    assert "Traceback" not in done.err


def test_flags_beside_a_job_and_wrong_shards_are_refused(cli, job, tmp_path):
    done = cli("generate", "--job", job, "--seed", 3)
    assert (done.code, "leave out" in done.err) == (2, True)
    done = cli("generate", "--job", job, "--shard", "2/2")
    assert (done.code, "0/2 and 1/2" in done.err) == (2, True)
    done = cli("merge", tmp_path / "nowhere")
    assert (done.code, "no folder" in done.err) == (2, True)


def test_another_model_of_the_same_name_is_refused(cli, job, tmp_path):
    made = BatchJob.read(job).model_copy(update={"model_sha256": "0" * 64})
    job.write_bytes(made.to_bytes())
    done = cli("generate", "--job", job, "--out", tmp_path / "out")
    assert done.code == 1
    assert "not the one that the job was written for" in done.err


ENVIRONMENTS = [
    ({"RANK": "1", "WORLD_SIZE": "4"}, Shard(number=1, of=4)),
    (
        {"SLURM_ARRAY_TASK_ID": "7", "SLURM_ARRAY_TASK_MIN": "5", "SLURM_ARRAY_TASK_COUNT": "3"},
        Shard(number=2, of=3),
    ),
    ({"SLURM_PROCID": "0", "SLURM_NTASKS": "2"}, Shard(number=0, of=2)),
]


@pytest.mark.parametrize(("values", "expected"), ENVIRONMENTS)
def test_the_shard_of_a_cluster_job_comes_from_its_environment(monkeypatch, values, expected):
    for name in ("RANK", "WORLD_SIZE", "SLURM_ARRAY_TASK_ID", "SLURM_PROCID"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(UsageError, match="torchrun and SLURM"):
        batch.from_environment()
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    assert batch.from_environment() == expected
