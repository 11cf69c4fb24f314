"""Killed without warning while it does little but save: nothing is torn, nothing differs."""

import random
import subprocess
import sys
import time
from pathlib import Path

from genstudio.core import files, run
from genstudio.training import checkpoint
from tests.training.test_trainer import ROOT, traces
from tests.training.toys import trainer

STEPS, KILLS, SEED = 150, 3, 20261121


def newest(folder: Path) -> str:
    found = checkpoint.folders(folder / run.CHECKPOINTS)
    return found[-1].name if found else ""


def test_killed_at_random_moments_it_ends_as_if_never_killed(tmp_path: Path):
    moments = random.Random(SEED)
    command = [sys.executable, "-m", "tests.training.resume_in_new_process", "--saving"]
    folder = tmp_path / "killed"
    for kill in range(KILLS):
        before, wait = newest(folder), moments.uniform(0, 0.2)
        child = subprocess.Popen([*command, str(STEPS), str(folder)], cwd=ROOT)
        while newest(folder) == before and child.poll() is None:
            time.sleep(0.005)
        time.sleep(wait)
        child.kill()
        child.wait()
        for path in checkpoint.folders(folder / run.CHECKPOINTS):
            checkpoint.load(path, "cpu")  # whole, or it would raise
        print(f"kill {kill} of seed {SEED}: {wait:.3f} s after a save, at {newest(folder)}")
    settings = {"steps": STEPS, "sample_every": 0}
    (folder / run.SAMPLES).mkdir()
    list(trainer(folder, **settings).run())
    (tmp_path / "unbroken" / run.SAMPLES).mkdir(parents=True)
    list(trainer(tmp_path / "unbroken", **settings).run())
    assert traces(folder) == traces(tmp_path / "unbroken")
    assert not list(folder.rglob(f"*{files.TEMP_MARK}*"))
