"""A run folder is read as it grows, is cut, is damaged or is gone."""

from __future__ import annotations

import json
import os

import pytest

from genstudio.core import files
from genstudio.core.paths import Home
from genstudio.core.run import (
    ADVICE_FILE,
    ASKED_FILE,
    LOG_FILE,
    METRICS_FILE,
    RUN_FILE,
    SAMPLES,
)
from genstudio.studio.runs import Runs
from genstudio.ui.state import run_reading
from genstudio.ui.state.run_reading import LogLine, Reader, Tail, add_rows, samples_of
from tests.helpers import fake_runs


@pytest.fixture
def home(tmp_path, qapp):
    return Home(tmp_path / "home")


@pytest.fixture
def reader(home):
    run = fake_runs.keep(home, advice=(fake_runs.warning(),))
    return Reader(run.id, home.runs / run.id, Runs(home).get)


# ---- tails


def test_tail_reads_only_what_is_new(tmp_path):
    path = tmp_path / "rows.jsonl"
    tail = Tail(path)
    assert tail.read() == (False, [])
    fake_runs.write_rows(path, [{"step": 1}, {"step": 2}])
    assert tail.read() == (True, [{"step": 1}, {"step": 2}])
    assert tail.read() == (False, [])
    fake_runs.add_rows(path, [{"step": 3}])
    assert tail.read() == (False, [{"step": 3}])


def test_half_a_line_waits_for_its_end(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'{"step": 1}\n{"st')
    tail = Tail(path)
    assert tail.read()[1] == [{"step": 1}]
    assert tail.read() == (False, [])
    with path.open("ab") as handle:
        handle.write(b'ep": 2}\n')
    assert tail.read() == (False, [{"step": 2}])


def test_a_file_that_was_cut_is_read_anew(tmp_path):
    path = tmp_path / "rows.jsonl"
    fake_runs.write_rows(path, [{"step": n} for n in range(5)])
    tail = Tail(path)
    tail.read()
    fake_runs.write_rows(path, [{"step": n} for n in range(3)])
    assert tail.read() == (True, [{"step": 0}, {"step": 1}, {"step": 2}])


def test_a_file_written_over_in_place_is_noticed(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'{"step": 1}\n{"step": 2}\n')
    tail = Tail(path)
    tail.read()
    path.write_bytes(b'{"step": 1}\n{"step": 9}\n{"step": 10}\n')
    anew, rows = tail.read()
    assert anew
    assert [row["step"] for row in rows] == [1, 9, 10]


def test_a_file_that_vanished_and_came_back(tmp_path):
    path = tmp_path / "rows.jsonl"
    fake_runs.write_rows(path, [{"step": 1}])
    tail = Tail(path)
    tail.read()
    files.remove(path)
    assert tail.read() == (True, [])
    assert tail.read() == (False, [])
    fake_runs.write_rows(path, [{"step": 7}])
    assert tail.read()[1] == [{"step": 7}]


def test_lines_that_are_no_objects_are_left_out(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'{"step": 1}\nnonsense\n[1, 2]\n\xff\xfe\n' + b"[" * 100_000 + b"\n"
                     b'{"step": 2}\n')  # fmt: skip
    assert Tail(path).read()[1] == [{"step": 1}, {"step": 2}]


def test_endless_files_are_read_to_a_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(run_reading, "MOST_BYTES", 30)
    path = tmp_path / "rows.jsonl"
    fake_runs.write_rows(path, [{"step": n} for n in range(10)])
    tail = Tail(path)
    assert tail.read()[1] == [{"step": 0}, {"step": 1}]
    assert tail.read()[1] == []


# ---- numbers


def test_rows_become_curves():
    curves = {}
    add_rows(curves, [{"step": 1, "loss/a": 2.0, "n": 3}, {"step": 2, "loss/a": 1.5}])
    assert curves == {"loss/a": ([1.0, 2.0], [2.0, 1.5]), "n": ([1.0], [3.0])}


def test_what_is_no_finite_number_is_left_out():
    curves = {}
    rows = json.loads('[{"step": 1, "a": NaN, "b": Infinity, "c": null, "d": "x", "e": true}]')
    add_rows(curves, [*rows, {"a": 1.0}, {"step": None, "a": 2.0}])
    assert curves == {}


# ---- a whole folder


def test_everything_of_a_folder(reader):
    look = reader.look()
    assert look.problem is None
    assert look.run is not None
    assert look.run.step == 80
    assert not look.interrupted
    assert look.curves["loss/bound"][0][:3] == [1.0, 2.0, 3.0]
    assert look.curves["valid/bound"][0] == [20.0, 40.0, 60.0, 80.0]
    assert [sample.step for sample in look.samples] == [20, 40, 60, 80]
    assert [one.name for one in look.advice] == ["overfitting"]
    assert look.log == (
        LogLine(0, "info", "Begins.", "2026-11-20T10:00:00+00:00"),
        LogLine(20, "warning", "Memory ran out.", ""),
    )


def test_the_newest_of_each_detector_stands(reader, home):
    folder = home.runs / reader.look().id
    better = fake_runs.warning(90).model_copy(update={"level": "good", "text": "It is gone."})
    other = better.model_copy(update={"name": "plateau"})
    fake_runs.add_rows(folder / ADVICE_FILE, [json.loads(a.model_dump_json()) for a in
                                              (other, better)])  # fmt: skip
    said = reader.look().advice
    assert [(one.name, one.level) for one in said] == [("overfitting", "good"), ("plateau", "good")]


def test_advice_of_another_version_is_left_out(reader, home):
    folder = home.runs / reader.look().id
    fake_runs.add_rows(folder / ADVICE_FILE, [{"name": "new", "level": "shouting"}, {"x": 1}])
    assert [one.name for one in reader.look().advice] == ["overfitting"]


def test_a_resume_that_cut_the_files_shows(reader, home):
    look = reader.look()
    folder = home.runs / look.id
    fake_runs.write_rows(folder / METRICS_FILE, fake_runs.rows(30))
    files.write_bytes(folder / ADVICE_FILE, b"")
    fake_runs.write_rows(folder / LOG_FILE, [{"step": 30, "text": "Continues."}, {"text": 5}])
    again = reader.look()
    assert again.curves["loss/bound"][0][-1] == 30
    assert again.curves["valid/bound"][0] == [20.0]
    assert again.log == (LogLine(30, "info", "Continues."),)
    assert len(look.curves["loss/bound"][0]) == 80  # what was told before is not changed


def test_an_emptied_advice_file_says_nothing(reader, home):
    folder = home.runs / reader.look().id
    files.write_bytes(folder / ADVICE_FILE, b"")
    assert reader.look().advice == ()


def test_a_run_whose_process_is_gone_was_interrupted(home):
    run = fake_runs.keep(home, state="running", pid=2**22 - 3)
    look = Reader(run.id, home.runs / run.id, Runs(home).get).look()
    assert look.interrupted
    assert look.run is not None
    assert look.run.state == "stopped"


def test_a_living_run_was_not_interrupted(home):
    run = fake_runs.keep(home, state="running", pid=os.getpid())
    look = Reader(run.id, home.runs / run.id, Runs(home).get).look()
    assert not look.interrupted
    assert look.run is not None
    assert look.run.state == "running"


def test_a_damaged_run_is_a_sentence(reader, home):
    folder = home.runs / reader.look().id
    files.write_bytes(folder / RUN_FILE, b"{nonsense")
    look = reader.look()
    assert look.run is None
    assert look.problem is not None
    assert "run.json" in look.problem.sentence


def test_foreign_files_are_no_samples(home):
    run = fake_runs.keep(home, sheets=2)
    folder = home.runs / run.id / "samples"
    for name in ("notes.txt", "step-x.png", "step-000010.png.tmp", "step-12345.png"):
        files.write_bytes(folder / name, b"")
    assert [s.step for s in samples_of(home.runs / run.id)] == [20, 40, 12345]
    assert samples_of(home.runs / "nowhere") == ()


def test_the_log_keeps_its_newest_lines(reader, home, monkeypatch):
    monkeypatch.setattr(run_reading, "MOST_LOG", 3)
    folder = home.runs / reader.look().id
    fake_runs.add_rows(folder / LOG_FILE, [{"step": n, "text": f"line {n}"} for n in range(9)])
    assert [line.text for line in reader.look().log] == ["line 6", "line 7", "line 8"]


def test_a_real_training_can_be_read(tiny_home):
    home = Home(tiny_home)
    for run in Runs(home).list():
        look = Reader(run.id, home.runs / run.id, Runs(home).get).look()
        assert look.run is not None
        assert look.run.state == "done"
        losses = [name for name in look.curves if name.startswith("loss/")]
        assert losses
        for name in losses:
            steps, values = look.curves[name]
            assert len(steps) == len(values) == 60
            assert steps == sorted(steps)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b'["a cat", "two dogs"]', ("a cat", "two dogs")),
        (b'["a cat", 3]', ("a cat", "")),
        (b'{"a": 1}', ()),
        (b'["half', ()),
        (b'["' + b"x" * run_reading.MOST_WORDS + b'"]', ()),
        (None, ()),
    ],
)
def test_what_a_sheet_was_asked_for(home, reader, data, told):
    if data is not None:
        (folder,) = home.runs.iterdir()
        files.write_bytes(folder / SAMPLES / ASKED_FILE, data)
    assert reader.look().asked == told


# ---- samples of text


def test_samples_may_be_texts(tmp_path):
    files.write_bytes(tmp_path / SAMPLES / "step-000020.json", b"{}")
    files.write_bytes(tmp_path / SAMPLES / "step-000010.png", b"")
    files.write_bytes(tmp_path / SAMPLES / ASKED_FILE, b"[]")
    found = samples_of(tmp_path)
    assert [(sample.step, sample.written) for sample in found] == [(10, False), (20, True)]


def test_what_was_written(tmp_path):
    path = tmp_path / "step-000020.json"
    one = {"prompt": "Once ", "text": "upon"}
    path.write_text(json.dumps({"samples": [one] * 40}))
    found = run_reading.written_of(path)
    assert found[0] == ("Once ", "upon")
    assert len(found) == run_reading.MOST_WRITTEN


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"samples": 3}', '{"samples": [{}]}', "[" * 9999]
)
def test_no_texts(tmp_path, text):
    path = tmp_path / "step-000020.json"
    path.write_text(text)
    assert run_reading.written_of(path) == ()
    assert run_reading.written_of(tmp_path / "gone.json") == ()


def test_too_much_text(tmp_path, monkeypatch):
    path = tmp_path / "step-000020.json"
    path.write_text('{"samples": [{"prompt": "a", "text": "b"}]}')
    monkeypatch.setattr(run_reading, "MOST_WORDS", 10)
    assert run_reading.written_of(path) == ()
