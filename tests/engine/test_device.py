"""The device that really runs, and why."""

import pytest

from genstudio.engine import device


@pytest.fixture(autouse=True)
def forget_the_probe():
    device.why_no_cuda.cache_clear()
    yield
    device.why_no_cuda.cache_clear()


def test_the_cpu_when_asked_for() -> None:
    found = device.choose("cpu", 3)
    assert (found.name, found.threads, found.providers) == ("CPU", 3, [device.CPU])
    assert "settings" in found.reason


def test_one_core_is_left_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "physical_cores", lambda: 6)
    assert device.choose("cpu").threads == 5
    monkeypatch.setattr(device, "physical_cores", lambda: 1)
    assert device.choose("cpu").threads == 1


def test_cores_are_counted() -> None:
    assert device.physical_cores() >= 1


def test_no_driver_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device.ort, "get_available_providers", lambda: [device.CUDA, device.CPU])
    monkeypatch.setattr(device, "_driver", lambda: False)
    found = device.choose("auto")
    assert found.name == "CPU"
    assert found.reason == "No NVIDIA driver was found on this machine"
    wished = device.choose("cuda")
    assert wished.name == "CPU"
    assert wished.reason.startswith("CUDA is chosen in the settings, but no NVIDIA driver")


def test_a_build_without_cuda_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device.ort, "get_available_providers", lambda: [device.CPU])
    assert "no CUDA support" in device.choose("auto").reason


def test_a_promised_gpu_that_does_not_run_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    # The list names CUDA and a driver seems to be there: the probe session tells the truth.
    if not device.why_no_cuda():
        pytest.skip("CUDA works on this machine")
    device.why_no_cuda.cache_clear()
    monkeypatch.setattr(device, "_driver", lambda: True)
    monkeypatch.setattr(device.ort, "get_available_providers", lambda: [device.CUDA, device.CPU])
    found = device.choose("auto")
    assert found.name == "CPU"
    assert "CUDA" in found.reason


def test_a_working_gpu_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "why_no_cuda", lambda: "")
    found = device.choose("auto")
    assert (found.name, found.reason) == ("CUDA", "")
    assert found.providers[0][0] == device.CUDA
    monkeypatch.undo()


def test_the_memory_limit_reaches_cuda() -> None:
    assert device.cuda_options(100)["gpu_mem_limit"] == str(100 * 1024**2)
    assert "gpu_mem_limit" not in device.cuda_options()
