"""Rows and advice on disk and in the doctor's memory."""

from pathlib import Path

import pytest

from genstudio.core import files, run
from genstudio.core.events import Advice
from genstudio.core.recipe import TrainerSettings
from genstudio.training import metrics
from genstudio.training.doctor import Doctor, History
from genstudio.training.records import Records


@pytest.fixture
def doctor() -> Doctor:
    return Doctor([], History(TrainerSettings(steps=100)))


def filled(folder: Path, doctor: Doctor) -> Records:
    records = Records(folder, doctor, writes=True)
    for step in (1, 2, 3):
        records.metrics(step, {"loss/all": float(step)})
        records.advice(step, Advice(name="a", text=f"at {step}", step=step, job="j", stamp=4))
    return records


def test_advice_is_read_back_as_it_was_said_but_for_the_job(tmp_path: Path, doctor: Doctor):
    filled(tmp_path, doctor)
    rows = metrics.read(tmp_path / run.ADVICE_FILE)
    assert [Advice.model_validate(row).text for row in rows] == ["at 1", "at 2", "at 3"]
    assert all("job" not in row and "stamp" not in row for row in rows)
    assert next(iter(rows[0])) == "step"


def test_a_cut_takes_later_rows_from_files_and_memory(tmp_path: Path, doctor: Doctor):
    records = filled(tmp_path, doctor)
    records.cut(2)
    assert [row["step"] for row in metrics.read(tmp_path / run.METRICS_FILE)] == [1, 2]
    assert doctor.history.series("loss/all")[1].tolist() == [1.0, 2.0]
    assert doctor.history.step == 2
    assert doctor._said["a"].text == "at 2"
    records.cut(0)
    assert doctor._said == {}
    assert doctor.history.step == 0


def test_who_does_not_write_remembers_all_the_same(tmp_path: Path, doctor: Doctor):
    filled(tmp_path, doctor)
    before = (tmp_path / run.METRICS_FILE).read_bytes()
    silent = Records(tmp_path, doctor, writes=False)
    silent.metrics(4, {"loss/all": 4.0})
    silent.cut(1)
    assert (tmp_path / run.METRICS_FILE).read_bytes() == before
    assert doctor.history.series("loss/all")[1].tolist() == [1.0]


def test_a_line_torn_by_a_full_disk_is_mended_before_the_next(tmp_path: Path, doctor: Doctor):
    records = filled(tmp_path, doctor)
    with (tmp_path / run.ADVICE_FILE).open("ab") as handle:
        handle.write(b'{"step":4,"te')
    records.advice(4, Advice(name="b", text="whole", step=4))
    assert [row["step"] for row in metrics.read(tmp_path / run.ADVICE_FILE)] == [1, 2, 3, 4]


def test_what_a_sheet_was_asked_for_is_written_once_and_when_it_changes(
    tmp_path: Path, doctor: Doctor, monkeypatch: pytest.MonkeyPatch
):
    records, written = Records(tmp_path, doctor, writes=True), []
    real = files.write_bytes
    monkeypatch.setattr(
        files, "write_bytes", lambda path, data: (written.append(path.name), real(path, data))
    )
    records.asked([])
    assert written == []
    for words in (["a cat", "größer"], ["a cat", "größer"], ["a dog"]):
        records.asked(words)
    assert written == [run.ASKED_FILE] * 2
    assert (tmp_path / run.SAMPLES / run.ASKED_FILE).read_text("utf-8") == '["a dog"]'
    Records(tmp_path, doctor, writes=False).asked(["of another process"])
    assert len(written) == 2
