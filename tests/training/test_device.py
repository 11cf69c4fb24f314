"""Where training runs."""

import pytest
import torch

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
    assert device.choose("auto", 1).label == "CUDA (Fast)"
    assert device.choose("cpu", 1).name == "cpu"


def test_machine_and_memory_are_said():
    assert "cores" in device.machine()
    assert device.peak_memory(device.choose("cpu", 1)) > 10_000_000
