"""`generate`: Requests from flags, files that never overwrite, sentences for what is wrong."""

from __future__ import annotations

import itertools
import json
import os
import signal

import numpy as np
import pytest
from PIL import Image

from genstudio import families
from genstudio.cli.flags import check_format, name_inputs
from genstudio.core.controls import ImageInput, MaskInput
from genstudio.core.errors import NotFound, UsageError
from genstudio.core.events import Progress
from genstudio.core.family import Task
from genstudio.engine.outputs import Picture
from genstudio.media import image, provenance


def pixels(path) -> np.ndarray:
    with Image.open(path) as opened:
        return np.asarray(opened)


def test_one_file_per_result_named_by_seed_and_index(cli, tmp_path):
    done = cli("generate", "tiny-gan", "--count", 3, "--seed", 7, "--out", tmp_path / "out")
    assert done.code == 0
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["tiny-gan-7-0.png", "tiny-gan-7-1.png", "tiny-gan-7-2.png"]
    assert done.out.splitlines() == [str(tmp_path / "out" / name) for name in names]


def test_nothing_is_overwritten_and_a_seed_repeats(cli, tmp_path):
    for _ in range(2):
        assert cli("generate", "tiny-gan", "--count", 2, "--seed", 7, "--out", tmp_path).code == 0
    first, second = tmp_path / "tiny-gan-7-1.png", tmp_path / "tiny-gan-7-1-1.png"
    assert np.array_equal(pixels(first), pixels(second))


@pytest.mark.parametrize("command", ["one", "many"])
def test_ctrl_c_keeps_the_last_preview(cli, tmp_path, monkeypatch, command):
    def endless(_model, ask):
        yield Progress(done=0, total=9)
        for step in itertools.count(1):
            picture = np.full((8, 8, 1), 20 * min(step, 9), np.uint8)
            yield Picture(ask.first, ask.seed, picture, {"step": step, "steps": 9}, passing=True)
            if step == 3:
                os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setitem(families.part("gan", "sample").TASKS, "sample", endless)
    monkeypatch.setitem(families.part("diffusion", "sample").TASKS, "sample", endless)
    (tmp_path / "list.txt").write_text("a disc\na cross\n")
    words = {"one": ["tiny-gan"], "many": ["tiny-diffusion", "--prompts", tmp_path / "list.txt"]}
    out = tmp_path / "out"
    left = cli("generate", *words[command], "--count", 1, "--seed", 7, "--out", out)
    assert (left.code, len(list(out.iterdir()))) == (1, 1)
    assert "the results so far are kept" in left.err
    (path,) = out.iterdir()
    assert "stopped at step" in provenance.read(path).provenance.facts["unfinished"]


def test_json_is_one_event_a_line(cli, tmp_path):
    done = cli("generate", "tiny-vae", "--count", 2, "--out", tmp_path, "--json")
    kinds = [event["kind"] for event in done.events]
    assert kinds[0] == "started"
    assert kinds[-1] == "done"
    results = [event for event in done.events if event["kind"] == "result"]
    assert [event["index"] for event in results] == [0, 1]
    assert all(event["path"].startswith(str(tmp_path)) for event in results)
    assert len({event["seed"] for event in results}) == 1


def test_settings_by_name_and_format(cli, tmp_path):
    words = ("--set", "class=disc", "--set", "truncation=0.5", "--count", 1, "--seed", 3)
    done = cli("generate", "tiny-gan", *words, "--format", "webp", "--out", tmp_path)
    assert done.code == 0
    assert pixels(tmp_path / "tiny-gan-3-0.webp").shape[0] == 28


def test_a_task_with_a_picture(cli, tmp_path, picture):
    words = ("--task", "anomaly", "--input", picture, "--seed", 1, "--out", tmp_path)
    done = cli("generate", "tiny-vae", *words)
    assert done.code == 0
    assert "score" in done.err


def test_a_report_says_its_best_answers(cli, tmp_path, picture):
    done = cli("generate", "tiny-classifier", "--input", picture, "--seed", 1, "--out", tmp_path)
    assert done.code == 0
    report = json.loads((tmp_path / "tiny-classifier-1-0.json").read_bytes())["report"]
    assert set(report) == {"cross", "disc", "square"}
    assert "disc" in done.err


def test_latent_files_go_round(cli, tmp_path, picture):
    words = ("--task", "encode", "--input", picture, "--seed", 1, "--out", tmp_path)
    assert cli("generate", "tiny-vae", *words).code == 0
    latent = tmp_path / "tiny-vae-1-0.latent"
    words = ("--task", "decode", "--input", latent, "--seed", 2, "--out", tmp_path)
    assert cli("generate", "tiny-vae", *words).code == 0
    assert pixels(tmp_path / "tiny-vae-2-0.png").shape[:2] == (28, 28)


def test_animation_as_gif(cli, tmp_path):
    words = ("--task", "interpolate", "--set", "frames=4", "--format", "gif", "--seed", 5)
    assert cli("generate", "tiny-gan", *words, "--out", tmp_path).code == 0
    with Image.open(tmp_path / "tiny-gan-5-0.gif") as image:
        assert image.n_frames == 4


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("nope",), 1, "There is no model 'nope'"),
        (("tiny-gan", "--task", "fly"), 2, "no task 'fly'"),
        (("tiny-gan", "--set", "truncation=9"), 2, "from 0 to 1"),
        (("tiny-gan", "--set", "truncation"), 2, "NAME=VALUE"),
        (("tiny-gan", "--set", "frob=1"), 2, "no setting 'frob'"),
        (("tiny-gan", "--count", "0"), 2, "from 1 to"),
        (("tiny-gan", "--count", "many"), 2, "--count"),
        (("tiny-gan", "--seed", "-7"), 2, "Seed"),
        (("tiny-gan", "--format", "tiff"), 2, "png, jpg"),
        (("tiny-gan", "--frobnicate"), 2, "--frobnicate"),
        (("tiny-gan", "--input", "a.png"), 2, "no place for 'a.png'"),
        (("tiny-vae", "--task", "anomaly"), 2, "needs picture"),
        (("tiny-vae", "--task", "anomaly", "--input", "gone.png"), 1, "no file gone.png"),
        (("tiny-gan", "--task", "interpolate", "--count", "2"), 2, "--count does not apply"),
        ((), 2, "MODEL"),
    ],
)
def test_what_does_not_fit_is_a_sentence(cli, tmp_path, words, code, sentence):
    done = cli("generate", *words, *(("--out", tmp_path) if words else ()))
    assert done.code == code
    assert sentence in done.err
    assert "Traceback" not in done.err
    assert not list(tmp_path.glob("*.png"))


def test_a_foreign_picture_that_is_none(cli, tmp_path):
    (tmp_path / "empty.png").touch()
    words = ("--task", "anomaly", "--input", tmp_path / "empty.png", "--out", tmp_path)
    done = cli("generate", "tiny-vae", *words, "--json")
    assert done.code == 1
    assert done.events[-1]["kind"] == "failed"
    assert "empty.png" in done.err


def test_results_of_a_read_only_data_folder_go_elsewhere(cli, tmp_path, monkeypatch):
    monkeypatch.setattr("genstudio.studio.studio._can_write", lambda home: False)
    assert cli("generate", "tiny-gan", "--count", 1, "--seed", 1, "--out", tmp_path).code == 0


def task(*controls) -> Task:
    return Task(name="t", title="Test", verb="Go", controls=controls)


def test_inputs_fill_their_places_in_order(tmp_path):
    for name in ("a.png", "image=b.png"):
        (tmp_path / name).touch()
    asked = task(ImageInput(name="image", label="P"), MaskInput(name="mask", label="M"))
    a, b = str(tmp_path / "a.png"), str(tmp_path / "image=b.png")
    assert name_inputs(asked, [a, b]) == {"image": a, "mask": b}
    assert name_inputs(asked, [f"mask={a}", b]) == {"mask": a, "image": b}
    with pytest.raises(NotFound):
        name_inputs(asked, ["mask=nowhere.png"])
    with pytest.raises(UsageError, match="no place"):
        name_inputs(asked, [a, b, a])


def test_format_by_output():
    picture = task()
    assert check_format(picture, "") == ""
    assert check_format(picture, ".JPG") == ".jpg"
    motion = picture.model_copy(update={"output": "animation"})
    assert check_format(motion, "mp4") == ".mp4"
    with pytest.raises(UsageError, match="its own format only"):
        check_format(picture.model_copy(update={"output": "report"}), "png")


def test_pictures_are_enlarged_and_cut_out_on_their_way_out(cli, tmp_path):
    plain, finished = tmp_path / "plain", tmp_path / "finished"
    words = ("generate", "tiny-gan", "--seed", 3, "--count", 2)
    assert cli(*words, "--out", plain).code == 0
    wishes = ("--enlarge", 4, "--transparent", "--tolerance", 30)
    done = cli(*words, *wishes, "--out", finished, "--json")
    assert done.code == 0
    sizes = [event["data"]["width"] for event in done.events if event["kind"] == "result"]
    small = image.read(plain / "tiny-gan-3-0.png")
    large = image.read(finished / "tiny-gan-3-0.png")
    assert sizes == [large.shape[1]] * 2
    assert large.shape == (small.shape[0] * 4, small.shape[1] * 4, 4)
    assert (large[..., 3] == 0).any()
    kept = large[::4, ::4, 3] > 0
    assert (large[::4, ::4, 0][kept] == small[..., 0][kept]).all()


@pytest.mark.parametrize(
    ("wishes", "sentence"),
    [
        (("--enlarge", 3), "scale"),
        (("--transparent", "--edge", "round"), "hard or soft"),
        (("--transparent", "--edge", "soft", "--format", "jpg"), "no transparency"),
        (("--tolerance", 5), "--transparent"),
        (("--edge", "soft"), "--transparent"),
        (("--transparent", "--tolerance", 200), "tolerance"),
        (("--enlarge", 2, "--job", "many.json"), "--job"),
    ],
)
def test_wishes_for_the_way_out_that_do_not_fit(cli, tmp_path, wishes, sentence):
    done = cli("generate", "tiny-gan", "--out", tmp_path, *wishes)
    assert done.code == 2
    assert sentence in done.err
