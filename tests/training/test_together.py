"""Two processes are one training: the same curve, checkpoints that move, faults that are shared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from genstudio import families
from genstudio.core import run
from genstudio.core.errors import UsageError
from genstudio.core.events import Done, Log
from genstudio.training import checkpoint
from genstudio.training import trainer as module
from tests.training.together import last, play, rows, tensors, together, trainer

TWO = {"shards": 2}
FOUR = {"shards": 4}


@pytest.fixture(autouse=True, scope="module")
def every_step_is_said() -> Iterator[None]:
    """`play` lets every step be told; afterwards it is as before."""
    before = module.SAID_EVERY
    yield
    module.SAID_EVERY = before


SCENES = {
    **{name: {"kind": name, "settings": TWO} for name in families.names()},
    "toy": {"settings": TWO},
    "four": {"settings": FOUR},
    "moved": {"settings": TWO, "until": 8},
    "nan": {"settings": TWO, "fault": "nan"},
    "memory": {"settings": {**TWO, "steps": 4}, "fault": "memory"},
    "damaged": {"settings": TWO},
}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """All scenes by two processes: their folder, and what each of the two logged."""
    root = tmp_path_factory.mktemp("scenes") / "two"
    play(root / "moved", {**SCENES["moved"], "until": 4})
    for until in (3, 6):
        play(root / "damaged", {**SCENES["damaged"], "until": until})
    hurt = checkpoint.folders(root / "damaged" / run.CHECKPOINTS)[-1]
    (hurt / "ema.pt").write_bytes(b"torn")
    return root, together(2, SCENES, root)


def assert_alike(folder: Path, other: Path) -> None:
    """The same steps with the same numbers, and the same weights, within float tolerance."""
    ours, theirs = rows(folder), rows(other)
    assert [row.keys() for row in ours] == [row.keys() for row in theirs]
    for mine, their in zip(ours, theirs, strict=True):
        assert mine == pytest.approx(their, rel=2e-3, abs=2e-4), mine["step"]
    for part in ("networks", "ema"):
        found = dict(tensors(last(other).parts[part]))
        for path, value in tensors(last(folder).parts[part]):
            assert torch.allclose(value.float(), found[path].float(), rtol=1e-3, atol=1e-4), path


@pytest.mark.parametrize("name", [*families.names(), "toy", "four"])
def test_two_processes_train_what_one_trains(played: tuple[Path, list[str]], name: str, tmp_path):
    alone = tmp_path / "alone"
    events = play(alone, SCENES[name])
    assert isinstance(events[-1], Done)
    assert_alike(played[0] / name, alone)
    assert last(played[0] / name).manifest.world == 2
    assert last(alone).manifest.world == 1


def test_shards_of_their_own_noise_are_not_one_batch(tmp_path: Path):
    """Else the tests above would compare nothing."""
    play(tmp_path / "one", {"settings": {"shards": 1}})
    play(tmp_path / "two", {"settings": TWO})
    pairs = zip(rows(tmp_path / "one"), rows(tmp_path / "two"), strict=True)
    assert any(a["loss/maker"] != pytest.approx(b["loss/maker"]) for a, b in list(pairs)[:3])


def test_a_checkpoint_moves_from_one_process_to_two_and_back(
    played: tuple[Path, list[str]], tmp_path: Path
):
    folder = played[0] / "moved"
    assert last(folder).manifest.step == 8
    assert last(folder).manifest.world == 2
    assert any("moved: Continues at step 4" in said for said in played[1])
    events = play(folder, {"settings": TWO})
    said = [event.text for event in events if isinstance(event, Log)]
    assert any("number of processes" in text for text in said)
    assert "Continues at step 8." in said
    play(tmp_path / "alone", {"settings": TWO})
    assert_alike(folder, tmp_path / "alone")


def test_only_the_first_process_writes(played: tuple[Path, list[str]]):
    other = Path(f"{played[0]}-1")
    assert [path for path in other.rglob("*") if path.is_file()] == []


def test_a_loss_that_is_no_number_in_one_process_sends_both_back(
    played: tuple[Path, list[str]],
):
    for said in played[1]:
        assert said.count("nan: The loss stopped being a number") == 1
    state = last(played[0] / "nan").parts["state"]
    assert (state["returns"], state["rate"], state["step"]) == (1, 0.5, 12)
    steps = [row["step"] for row in rows(played[0] / "nan")]
    assert steps == sorted(steps)


def test_memory_that_is_short_in_one_process_cuts_the_batches_of_both(
    played: tuple[Path, list[str]],
):
    assert last(played[0] / "memory").parts["state"]["parts"] == 2
    first, second = played[1]
    assert "memory: Memory ran out in another process: batches come in 2 parts." in first
    assert "memory: Memory ran out in phase judge: the batch of 4 is now computed in 2" in second


def test_a_damaged_checkpoint_is_noticed_by_the_first_and_passed_over_by_both(
    played: tuple[Path, list[str]], tmp_path: Path
):
    for said in played[1]:
        assert "damaged: Checkpoint step-000006 is damaged" in said
        assert "damaged: Continues at step 4." in said or "damaged: Continues at step 3." in said
    play(tmp_path / "alone", {"settings": TWO})
    assert_alike(played[0] / "damaged", tmp_path / "alone")


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [({"batch": 9, "shards": 2}, "8 or 10"), ({"batch": 2, "shards": 3}, "a batch of 3")],
)
def test_a_batch_that_cannot_be_shared_is_refused_in_words(tmp_path, settings, sentence):
    with pytest.raises(UsageError, match=sentence):
        trainer(tmp_path, "toy", **settings)
