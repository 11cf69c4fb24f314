"""The log of a run."""

from pathlib import Path

from genstudio.training import metrics


def test_lines_come_back(tmp_path: Path):
    path = tmp_path / "metrics.jsonl"
    assert metrics.read(path) == []
    metrics.append(path, 1, {"loss": 0.5})
    metrics.append(path, 2, {"loss": 0.25})
    assert metrics.read(path) == [{"step": 1, "loss": 0.5}, {"step": 2, "loss": 0.25}]


def test_a_torn_last_line_is_passed_over_and_cut(tmp_path: Path):
    path = tmp_path / "metrics.jsonl"
    metrics.append(path, 1, {"loss": 0.5})
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"step":2,"lo')
    assert metrics.is_torn(path)
    assert len(metrics.read(path)) == 1
    metrics.cut(path, 5)
    assert path.read_bytes() == whole
    assert not metrics.is_torn(path)


def test_cut_drops_later_steps_and_what_is_not_ours(tmp_path: Path):
    path = tmp_path / "metrics.jsonl"
    for step in (1, 2, 2, 3):
        metrics.append(path, step, {"loss": step / 3})
    metrics.cut(path, 2)
    assert [row["step"] for row in metrics.read(path)] == [1, 2, 2]
    path.write_bytes(path.read_bytes() + b"[]\n")
    metrics.cut(path, 9)
    assert [row["step"] for row in metrics.read(path)] == [1, 2, 2]


def test_cut_of_nothing(tmp_path: Path):
    metrics.cut(tmp_path / "none.jsonl", 3)
    assert not metrics.is_torn(tmp_path / "none.jsonl")
    assert not (tmp_path / "none.jsonl").exists()
