"""Alone, and a group of one; groups of two are in test_together.py."""

import socket

import pytest
import torch

from genstudio.training import distributed
from genstudio.training.distributed import Place, join, leave, place


def test_alone_nothing_is_asked_of_anybody():
    alone = place()
    assert alone == Place(0, 1)
    assert alone.writes
    value = {"a": torch.ones(2)}
    assert alone.share(value) is value
    assert alone.most(7) == 7
    tensor = torch.ones(2)
    assert alone.total(tensor) is tensor
    assert list(alone.shards(3)) == [0, 1, 2]


@pytest.mark.parametrize("world", [1, 2, 3, 6])
def test_every_shard_has_one_owner(world: int):
    owned = [shard for rank in range(world) for shard in Place(rank, world).shards(6)]
    assert sorted(owned) == list(range(6))
    assert not any(Place(rank, world).writes for rank in range(1, world))


def test_torchruns_variables_alone_do_not_make_a_group(monkeypatch: pytest.MonkeyPatch):
    """A command under torchrun that joins nobody must not wait for others."""
    monkeypatch.setenv("RANK", "1")
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert place() == Place(0, 1)


def test_without_torchrun_there_is_nothing_to_join(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    assert join("cpu") == Place(0, 1)
    leave()
    assert place() == Place(0, 1)


def test_gpus_talk_through_nccl_and_processors_through_gloo(monkeypatch: pytest.MonkeyPatch):
    asked = []
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setattr(
        distributed.dist, "init_process_group", lambda backend, timeout: asked.append(backend)
    )
    monkeypatch.setattr(distributed.dist, "new_group", lambda timeout: None)
    join("cpu")
    join("cuda")
    assert asked == ["gloo", "cpu:gloo,cuda:nccl"]


def test_a_real_group_is_joined_and_left(monkeypatch: pytest.MonkeyPatch):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        monkeypatch.setenv("MASTER_PORT", str(probe.getsockname()[1]))
    monkeypatch.setenv("MASTER_ADDR", "127.0.0.1")
    distributed.dist.init_process_group("gloo", rank=0, world_size=1)
    try:
        assert place() == Place(0, 1)
    finally:
        leave()
    assert not distributed.dist.is_initialized()


def test_the_place_on_a_machine(monkeypatch: pytest.MonkeyPatch):
    for name in ("LOCAL_RANK", "LOCAL_WORLD_SIZE"):
        monkeypatch.delenv(name, raising=False)
    assert (distributed.local_rank(), distributed.local_world()) == (0, 1)
    monkeypatch.setenv("LOCAL_RANK", "3")
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "4")
    assert (distributed.local_rank(), distributed.local_world()) == (3, 4)
