"""The command line as a user meets it: real processes from data to pictures."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genstudio.core.paths import bundled_models
from tests.helpers import sources


def test_data_are_added(flow):
    done = flow.ran["add"]
    assert done.code == 0, done.err
    assert done.events[-1]["data"]["dataset"] == "formen"


def test_training_ends_with_an_installed_and_verified_model(flow):
    done = flow.ran["train"]
    assert done.code == 0, done.err
    kinds = [event["kind"] for event in done.events]
    assert "progress" in kinds
    assert kinds[-1] == "done"
    assert done.events[-1]["data"]["model"] == "klein"
    card = (flow.place / "home" / "models" / "klein" / "card.md").read_text(encoding="utf-8")
    assert "CC0-1.0" in card


def test_the_same_seed_gives_the_same_picture_under_a_new_name(flow):
    assert flow.ran["generate"].code == 0, flow.ran["generate"].err
    first = [Path(line) for line in flow.ran["generate"].out.splitlines()]
    results = [e for e in flow.ran["again"].events if e["kind"] == "result"]
    again = Path(results[0]["path"])
    assert [path.name for path in first] == [f"klein-7-{index}.png" for index in range(3)]
    assert again.name == "klein-7-0-1.png"
    with Image.open(first[0]) as a, Image.open(again) as b:
        assert np.array_equal(np.asarray(a), np.asarray(b))


def test_inspect_reads_the_settings_back(flow):
    facts = flow.ran["inspect"].events[-1]["data"]
    assert facts["provenance"]["request"]["model"] == "klein"
    assert facts["provenance"]["request"]["seed"] == 7


def test_evaluate_gives_scores(flow):
    assert flow.ran["evaluate"].code == 0, flow.ran["evaluate"].err
    assert flow.ran["evaluate"].events[-1]["data"]["scores"]


def test_a_model_goes_out_and_comes_back(flow):
    for name in ("export", "remove", "import"):
        assert flow.ran[name].code == 0, flow.ran[name].err
    assert flow.ran["import"].out.strip() == "klein"


def test_doctor_runs_every_bundled_model(flow):
    bundled = [path.parent.name for path in bundled_models().glob("*/model.json")]
    done = flow.ran["doctor"]
    assert done.code == 0, done.err
    tried = {model["model"]: model["ok"] for model in done.events[-1]["data"]["models"]}
    assert set(tried) == {*bundled, "klein"}
    assert all(tried.values())


def start(flow, *words: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        flow.start(*words),
        cwd=sources.ROOT,
        env=flow.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def until_it_moves(process: subprocess.Popen[str]) -> None:
    """Read events until the training has made a step."""
    assert process.stdout is not None
    for line in process.stdout:
        event = json.loads(line)
        if event["kind"] == "progress" and event["done"] >= 1:
            return
    pytest.fail(f"the training made no step: {process.stderr and process.stderr.read()}")


def ended(process: subprocess.Popen[str]) -> str:
    """Wait for the end, which must be a stop; its stderr."""
    _, err = process.communicate(timeout=120)
    assert process.returncode == 1, err
    assert "Traceback" not in err
    return err


def test_ctrl_c_saves_and_a_run_goes_on_until_it_is_stopped(flow):
    words = ("--family", "vae", "--data", "formen", "--preset", "tiny", "--steps", 100_000)
    training = start(flow, "train", *words, "--set", "threads=1", "--json")
    until_it_moves(training)
    training.send_signal(signal.SIGINT)
    assert "runs resume" in ended(training)
    runs = flow.run("runs", "runs", "list", "--json").events[-1]["data"]["runs"]
    assert runs[0]["state"] == "stopped"
    assert runs[0]["step"] >= 1
    resumed = start(flow, "runs", "resume", runs[0]["id"], "--json")
    until_it_moves(resumed)
    assert flow.run("stop", "runs", "stop", runs[0]["id"]).code == 0
    assert "runs resume" in ended(resumed)
    later = flow.run("runs", "runs", "list", "--json").events[-1]["data"]["runs"]
    assert later[0]["state"] == "stopped"
    assert later[0]["step"] > runs[0]["step"]
