"""`train --devices 2`: torchrun for real, deaths and stops included."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from genstudio.cli import spreading
from genstudio.cli.session import Session
from genstudio.cli.spreading import Spread
from genstudio.core import events
from genstudio.core import run as runs
from genstudio.core.errors import GenStudioError, UsageError
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.core.run import CheckpointManifest, Run

LINUX = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")


def recipe(**settings) -> Recipe:
    return Recipe(
        family="classifier", model="spread", data="shapes", preset="tiny",
        settings=TrainerSettings(
            **{"steps": 30, "batch": 8, "threads": 1, "checkpoint_seconds": 0.2} | settings
        ),
    )  # fmt: skip


def prepared(home: Home, **settings) -> str:
    """The name of a fresh run for two processes."""
    body = {"recipe": recipe(shards=2, **settings).model_dump(mode="json", exclude_unset=True)}
    *_, done = Session(home).work("train", "begin", body)
    return str(done.data["run"])


def ranks(home: Home) -> dict[int, int]:
    """Process ids of the living ranks of trainings in `home`, by rank."""
    found = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            words = (path / "cmdline").read_bytes().split(b"\0")
            values = dict(
                v.partition(b"=")[::2] for v in (path / "environ").read_bytes().split(b"\0")
            )
        except OSError:
            continue
        if b"rank" in words and str(home.root).encode() in words:
            found[int(values.get(b"RANK", b"-1"))] = int(path.name)
    return found


def newest(home: Home, run: str) -> CheckpointManifest:
    folder = sorted((home.runs / run / runs.CHECKPOINTS).glob("step-*"))[-1]
    return CheckpointManifest.read(folder / "manifest.json")


@LINUX
def test_one_process_is_killed_and_all_go_on_from_the_checkpoint(tiny_copy: Home):
    run = prepared(tiny_copy, steps=60)
    said: list[events.Event] = []
    killed = 0
    for event in spreading.together(tiny_copy, run, Spread(devices=2, max_restarts=1)):
        said.append(event)
        if isinstance(event, events.Progress) and event.done > 5 and not killed:
            found = ranks(tiny_copy)
            assert set(found) == {0, 1}
            killed = found[1]
            os.kill(killed, signal.SIGKILL)
    assert killed
    assert isinstance(said[-1], events.Done)
    assert said[-1].data["step"] == 60
    assert Path(str(said[-1].data["package"])).is_dir()
    begun = [event for event in said if isinstance(event, events.Started)]
    assert len(begun) == 2
    texts = [event.text for event in said if isinstance(event, events.Log)]
    assert any(text.startswith("Continues at step ") for text in texts)
    assert Run.read(tiny_copy.runs / run / runs.RUN_FILE).state == "done"
    assert ranks(tiny_copy) == {}


@LINUX
def test_closing_saves_at_a_common_step_and_one_process_goes_on(tiny_copy: Home):
    run = prepared(tiny_copy, steps=100_000, checkpoint_seconds=1000)
    stream = spreading.together(tiny_copy, run, Spread(devices=2))
    for event in stream:
        if isinstance(event, events.Progress) and event.done > 5:
            break
    stream.close()
    assert ranks(tiny_copy) == {}
    state = Run.read(tiny_copy.runs / run / runs.RUN_FILE)
    assert state.state == "stopped"
    kept = newest(tiny_copy, run)
    assert kept.step == state.step > 5
    assert kept.world == 2
    alone = Session(tiny_copy).work("train", "train", {"run": run})
    texts = []
    for event in alone:
        texts += [event.text] if isinstance(event, events.Log) else []
        if isinstance(event, events.Progress):
            break
    alone.close()
    assert f"Continues at step {kept.step}." in texts
    assert newest(tiny_copy, run).world == 1


@LINUX
def test_a_launcher_that_dies_takes_the_processes_with_it(tiny_copy: Home):
    run = prepared(tiny_copy, steps=100_000)
    process = spreading._start(tiny_copy, run, Spread(devices=2), tiny_copy.logs / "t.log")
    for event in spreading._said(process):
        if isinstance(event, events.Progress):
            break
    assert set(ranks(tiny_copy)) == {0, 1}
    process.stdin.close()  # what the death of this process would do
    process.stdout.close()
    process.wait(60)
    assert ranks(tiny_copy) == {}
    assert newest(tiny_copy, run).world == 2


def test_a_failure_of_all_is_told_in_the_words_of_the_first(tiny_copy: Home):
    run = prepared(tiny_copy)
    path = tiny_copy.runs / run / runs.RUN_FILE
    state = Run.read(path)
    lost = state.recipe.model_copy(update={"data": "vanished"})
    path.write_bytes(state.model_copy(update={"recipe": lost}).to_bytes())
    with pytest.raises(GenStudioError, match="vanished"):
        list(spreading.together(tiny_copy, run, Spread(devices=2)))


class Silent:
    """A torchrun that ends with `code` after some lines, as `_start` would return it."""

    def __init__(self, code: int, lines: list[bytes]) -> None:
        self.code, self.stdin, self.stdout = code, Pipe([]), Pipe(lines)

    def wait(self, timeout: float | None = None) -> int:
        return self.code


class Pipe:
    def __init__(self, lines: list[bytes]) -> None:
        self.lines, self.closed = lines, False

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.lines)

    def close(self) -> None:
        self.closed = True


def test_an_end_without_a_word_points_to_the_log(tmp_path, monkeypatch):
    home = Home(tmp_path)
    home.logs.mkdir()
    (home.logs / "torchrun.log").write_text("Segmentation fault")
    monkeypatch.setattr(spreading, "_start", lambda *words: Silent(1, [b"no event\n"]))
    with pytest.raises(GenStudioError, match="without a word") as error:
        list(spreading.together(home, "0001-x", Spread(devices=2)))
    assert "Segmentation fault" in error.value.problem.details
    assert "runs resume 0001-x" in error.value.problem.next_step


def test_a_machine_without_the_first_process_just_ends(tmp_path, monkeypatch):
    monkeypatch.setattr(spreading, "_start", lambda *words: Silent(0, []))
    (done,) = spreading.together(Home(tmp_path), "0001-x", Spread(devices=2))
    assert done == events.Done(data={"run": "0001-x"})


def test_a_shard_for_every_process():
    two = Spread(devices=2)
    assert spreading.in_shards(recipe(), two).settings.shards == 2
    assert spreading.in_shards(recipe(shards=4), two).settings.shards == 4
    assert spreading.in_shards(recipe(), Spread()).settings.shards == 1
    assert spreading.in_shards(recipe(), Spread()) == recipe()
    with pytest.raises(UsageError, match="3 shards evenly"):
        spreading.in_shards(recipe(shards=3), two)


def test_words_for_torchrun_and_sentences(monkeypatch):
    spread = Spread(devices=2, nodes=3, max_restarts=4, rendezvous="head:29500")
    assert spread.world == 6
    assert spread.words() == [
        "--devices=2", "--nodes=3", "--max-restarts=4", "--rendezvous=head:29500",
    ]  # fmt: skip
    assert not Spread().several
    with pytest.raises(UsageError, match="--rendezvous HOST:PORT"):
        Spread(nodes=2)
    assert Spread(nodes=2, apart=True).world == 2
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(UsageError, match="under torchrun"):
        Spread(devices=2)


def test_prepare_prints_the_run_and_trains_nothing(cli, tiny_copy: Home):
    words = ("--family", "classifier", "--data", "shapes", "--preset", "tiny", "--devices", 2)
    done = cli("train", *words, "--nodes", 2, "--prepare", "--name", "later")
    assert done.code == 0, done.err
    state = Run.read(tiny_copy.runs / done.out.strip() / runs.RUN_FILE)
    assert (state.state, state.step, state.recipe.settings.shards) == ("new", 0, 4)
    done = cli("runs", "resume", state.id, "--devices", 3)
    assert done.code == 2
    assert "divides 4" in done.err


def test_a_batch_that_cannot_be_cut_is_refused_before_anything_is_made(cli, tiny_copy: Home):
    before = sorted(tiny_copy.runs.iterdir())
    words = ("--family", "classifier", "--data", "shapes", "--preset", "tiny", "--devices", 3)
    done = cli("train", *words, "--set", "batch=16")
    assert done.code == 2
    assert "15 or 18" in done.err
    assert sorted(tiny_copy.runs.iterdir()) == before


@LINUX
def test_two_processes_from_the_command_to_the_installed_model(cli, tiny_copy: Home):
    words = ("--family", "classifier", "--data", "shapes", "--preset", "tiny", "--name", "both")
    done = cli("train", *words, "--steps", 6, "--set", "threads=1", "--devices", 2)
    assert done.code == 0, done.err
    assert done.out.strip() == "both"
    assert (tiny_copy.models / "both" / "model.json").is_file()
    assert cli("models", "verify", "both").code == 0
    (run,) = (p for p in tiny_copy.runs.glob("*-both"))
    assert Run.read(run / runs.RUN_FILE).recipe.settings.shards == 2
    assert newest(tiny_copy, run.name).world == 2


@LINUX
def test_two_machines_meet_and_one_of_them_has_the_model(tiny_copy: Home):
    """Two launchers on this machine, as srun would start them on two."""
    run = prepared(tiny_copy, steps=6)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{probe.getsockname()[1]}"
    spread = Spread(devices=1, nodes=2, rendezvous=place)
    with ThreadPoolExecutor(2) as pool:
        both = [
            pool.submit(lambda: list(spreading.together(tiny_copy, run, spread))) for _ in range(2)
        ]
        ends = [future.result(timeout=200)[-1] for future in both]
    assert all(isinstance(end, events.Done) for end in ends)
    (package,) = [end.data["package"] for end in ends if "package" in end.data]
    assert Path(str(package)).is_dir()
    assert newest(tiny_copy, run).world == 2
