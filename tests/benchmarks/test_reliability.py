"""The reliability figures with small counts, by the code of `python -m benchmarks.reliability`."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import breakable, killing, mishaps, reliability
from benchmarks.forks import Forks, Life
from benchmarks.rows import Row
from genstudio import families
from genstudio.core import files, run
from genstudio.core.paths import Home

FIRST = families.names()[0]
LINUX = pytest.mark.skipif(not Path("/proc/self").exists(), reason="forks and mounts as on Linux")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A data folder with small pictures on the shelf."""
    made = Home(tmp_path / "home")
    breakable.make_data(made)
    return made


@LINUX
def test_kills_leave_nothing_torn_and_runs_end_as_if_never_killed(
    home: Home, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(killing, "STEPS", 60)
    with Forks() as forks:
        found = killing.campaign(home, 4, 7, forks, [FIRST])
    assert found.kills == 4
    assert found.faults == []
    assert found.loaded + found.without == 4
    assert found.finished >= 1
    assert found.equal == found.finished
    assert found.left == 0
    assert sum(found.moments.values()) == 4
    rows = list(reliability.kill_rows(found))
    assert rows[0].value == 4
    assert [row.met for row in rows] == [None, True, True, True, True, True]


def test_resumed_in_a_new_process_equals_uninterrupted_for_every_family(home: Home):
    found = list(mishaps.resumed(home, families.names()))
    assert [(name, step) for name, step, _ in found] == [
        (name, step) for name in families.names() for step in mishaps.POINTS
    ]
    assert all(equal for _, _, equal in found), found


@LINUX
def test_a_full_disk_is_waited_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("genstudio.training.trainer.DISK_WAIT", 0.05)
    monkeypatch.setattr("genstudio.training.trainer.SAID_EVERY", 0.0)
    with mishaps.small_disk(tmp_path / "small") as disk:
        if disk is None:
            pytest.skip("no tmpfs can be mounted here")
        found = mishaps.full_disk(disk, FIRST)
    assert found.told
    assert found.waited
    assert found.equal
    assert found.faults == []
    assert 0 < found.seconds < mishaps.WAIT


def test_every_damage_to_a_checkpoint_is_noticed(home: Home, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("genstudio.training.trainer.SAID_EVERY", 0.0)
    found = list(mishaps.damaged(home, FIRST))
    assert len(found) == 5 * len(mishaps.DAMAGES) + 1
    assert [case for case in found if not case[2]] == []


def test_vanished_pictures_are_skipped_and_counted(home: Home, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("genstudio.training.trainer.SAID_EVERY", 0.0)
    found = mishaps.vanishing(home, home.root / "pictures", FIRST)
    assert found.gone == 12
    assert (found.ended, found.skipped, found.told) == (True, 12, True)


def test_what_is_looked_for_is_found(home: Home, monkeypatch: pytest.MonkeyPatch):
    """A campaign that sees no fault proves nothing unless faults are seen."""
    monkeypatch.setattr("genstudio.training.trainer.SAID_EVERY", 0.0)
    name = breakable.begin(home, FIRST, **mishaps.QUIET)
    mishaps.train(home, name, 5)
    folder = home.runs / name
    assert list(breakable.faults(home, name)) == []
    before = breakable.traces(home, name)
    with (folder / run.LOG_FILE).open("ab") as handle:
        handle.write(b'{"torn')
    assert list(breakable.faults(home, name)) == []
    (folder / run.SAMPLES).mkdir(exist_ok=True)
    (folder / run.SAMPLES / "step-000001.png").write_bytes(b"\x89PNG half")
    (folder / run.METRICS_FILE).write_bytes(b"{\n")
    (folder / run.RECIPE_FILE).write_bytes(b"")
    mishaps._hurt(breakable.checkpoint_folders(home, name)[-1] / "ema.pt", mishaps.DAMAGES[0])
    (folder / "package").mkdir()
    (folder / f"{files.TEMP_MARK}x").touch()
    found = list(breakable.faults(home, name))
    for word in ("step-0", "recipe.json", "metrics.jsonl", "step-000001.png", "package"):
        assert any(word in fault for fault in found), word
    assert breakable.traces(home, name) != before
    assert len(killing.leftovers(folder)) == 1


def test_lost_work_is_counted_from_the_checkpoint_on():
    found = killing.Kills(1)
    life = Life(steps=[(5, 10.0), (6, 10.1), (7, 10.4)], begun=9.0)
    killing._count_lost(life, 5, found)
    assert found.lost == pytest.approx(0.4)
    assert found.longest == pytest.approx(0.3)
    killing._count_lost(life, 2, found)  # kept by a process before this one
    assert found.lost == pytest.approx(1.4)
    killing._count_lost(Life(), 2, found)
    assert found.lost == pytest.approx(1.4)


def test_the_report_says_how_it_was_made():
    text = reliability.report([Row("corrupted files", 0, "", 0)], 5, 600)
    assert "python -m benchmarks.reliability --seed 5" in text
    assert "in 10 minutes" in text
    assert "met" in text
