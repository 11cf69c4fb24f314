"""Where training runs."""

import pytest
import torch

from genstudio.core.errors import UsageError
from genstudio.training import device


def test_the_processor_is_taken_with_a_reason(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    found = device.choose("auto", 1)
    assert (found.name, found.threads) == ("cpu", 1)
    assert "CUDA" in found.reason
    assert "settings" in device.choose("cpu").reason


def test_cuda_is_taken_where_torch_has_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda index: "Fast")
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    assert device.choose("auto", 1).label == "CUDA (Fast)"
    assert device.choose("cpu", 1).name == "cpu"


def test_processes_of_one_machine_share_its_cores(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(device.os, "cpu_count", lambda: 8)
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "4")
    before = torch.get_num_threads()
    try:
        assert device.choose("auto").threads == 2
        assert device.choose("auto", 3).threads == 3
        monkeypatch.setenv("LOCAL_WORLD_SIZE", "16")
        assert device.choose("auto").threads == 1
    finally:
        torch.set_num_threads(before)


def test_processes_of_one_machine_take_a_gpu_each(monkeypatch: pytest.MonkeyPatch):
    taken: list[int] = []
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda index: "Fast")
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "set_device", taken.append)
    assert device.choose("auto", 1).name == "cuda"
    assert taken == []
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "2")
    monkeypatch.setenv("LOCAL_RANK", "1")
    assert device.choose("auto", 1).name == "cuda"
    assert taken == [1]
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "3")
    with pytest.raises(UsageError, match="2 GPUs for 3 processes"):
        device.choose("auto", 1)


def test_machine_and_memory_are_said():
    assert "cores" in device.machine()
    assert device.peak_memory(device.choose("cpu", 1)) > 10_000_000
