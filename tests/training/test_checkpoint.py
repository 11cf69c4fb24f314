"""Checkpoints: whole or not there."""

from pathlib import Path

import pytest
import torch

from genstudio.core.errors import DiskFull, GenStudioError
from genstudio.training import checkpoint
from genstudio.training.checkpoint import MANIFEST

PARTS = {
    "networks": {"a": {"weight": torch.arange(6.0)}},
    "state": {"step": 5, "sums": {"x": [1.5]}},
}


def write(folder: Path, step: int) -> Path:
    return checkpoint.save(folder, step, PARTS, threads=1, device="cpu", seconds=2.5)


def flip_a_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


DAMAGES = {
    "bit": lambda folder: flip_a_bit(folder / "networks.pt"),
    "bit in the manifest": lambda folder: (folder / MANIFEST).write_bytes(b"{"),
    "cut": lambda folder: (folder / "state.pt").write_bytes(b"PK"),
    "empty": lambda folder: (folder / "networks.pt").write_bytes(b""),
    "part gone": lambda folder: (folder / "networks.pt").unlink(),
    "manifest gone": lambda folder: (folder / MANIFEST).unlink(),
}


def test_what_was_saved_comes_back(tmp_path: Path):
    write(tmp_path, 5)
    found, said = checkpoint.newest(tmp_path, "cpu")
    assert said == []
    assert found.manifest.step == 5
    assert found.manifest.seconds == 2.5
    assert found.manifest.torch == str(torch.__version__)
    assert torch.equal(found.parts["networks"]["a"]["weight"], torch.arange(6.0))
    assert found.parts["state"] == PARTS["state"]


def test_equal_contents_give_equal_bytes(tmp_path: Path):
    one, two = write(tmp_path / "a", 5), write(tmp_path / "b", 5)
    for name in ("networks.pt", "state.pt"):
        assert (one / name).read_bytes() == (two / name).read_bytes()


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_one_is_set_aside_and_the_one_before_is_used(tmp_path: Path, damage: str):
    write(tmp_path, 5)
    DAMAGES[damage](write(tmp_path, 9))
    found, said = checkpoint.newest(tmp_path, "cpu")
    assert found.manifest.step == 5
    assert "step-000009" in said[0]
    assert (tmp_path / "damaged-step-000009").is_dir()
    assert checkpoint.newest(tmp_path, "cpu")[1] == []


def test_nothing_there(tmp_path: Path):
    assert checkpoint.newest(tmp_path / "none", "cpu") == (None, [])


def test_a_full_disk_leaves_the_old_one_and_no_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    write(tmp_path, 5)

    def full(*_: object) -> None:
        raise RuntimeError("[enforce fail at inline_container.cc] unexpected pos 704 vs 598")

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(DiskFull, match="full"):
        write(tmp_path, 9)
    assert [path.name for path in tmp_path.iterdir()] == ["step-000005"]


def test_prune_keeps_the_newest_two_and_the_best(tmp_path: Path):
    for step in (1, 2, 3, 4, 5):
        write(tmp_path, step)
    checkpoint.prune(tmp_path, best=2)
    assert [p.name for p in checkpoint.folders(tmp_path)] == [
        "step-000002",
        "step-000004",
        "step-000005",
    ]


def test_foreign_folders_are_left_alone(tmp_path: Path):
    (tmp_path / "step-x").mkdir()
    write(tmp_path, 1)
    assert [p.name for p in checkpoint.folders(tmp_path)] == ["step-000001"]
    with pytest.raises(GenStudioError):
        checkpoint.load(tmp_path / "step-x", "cpu")
