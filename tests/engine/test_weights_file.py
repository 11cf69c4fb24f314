"""The rules for safetensors files."""

import json

import numpy as np
import pytest
from safetensors.numpy import save

from genstudio.core.errors import BadInput
from genstudio.engine import weights_file


def made(header: object, body: bytes = b"", start: bytes = b"") -> bytes:
    text = start + (header if isinstance(header, bytes) else json.dumps(header).encode())
    return len(text).to_bytes(8, "little") + text + body


def entry(low: int, high: int, shape: list[int], dtype: str = "F32") -> dict:
    return {"dtype": dtype, "shape": shape, "data_offsets": [low, high]}


def test_sound_files_pass() -> None:
    tensors = {
        "a": np.ones((2, 3), np.float32),
        "b": np.zeros(5, np.float16),
        "c": np.array([1], np.int64),
        "d": np.zeros((0,), np.float32),
    }
    shapes = weights_file.check(save(tensors, {"note": "x"}), "w")
    assert shapes == {key: value.shape for key, value in tensors.items()}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "ends too early"),
        (b"\xff" * 16, "header is longer"),
        (made({"a": entry(0, 4, [1])}), "do not end"),
        (made({"a": entry(0, 4, [1])}, b"\0" * 8), "do not end"),
        (made({"a": entry(4, 8, [1])}, b"\0" * 8), "hole or an overlap"),
        (made({"a": entry(0, 8, [2]), "b": entry(4, 8, [1])}, b"\0" * 8), "hole or an overlap"),
        (made({"a": entry(0, 8, [1])}, b"\0" * 8), "wrong length"),
        (made({"a": entry(0, 4, [1], "F9")}, b"\0" * 4), "unknown type"),
        (made({"a": entry(0, 4, [-1])}, b"\0" * 4), "absurd"),
        (made({"a": {"shape": [1]}}, b"\0" * 4), "described wrongly"),
        (made({"a": entry(0, 0, [0])}, start=b" "), "begin with"),
        (made(b'{"a":{},"a":{}}'), "something twice"),
        (made(b"{" * 5000), "not a sound"),
        (made([1, 2]), "begin with"),
    ],
)
def test_broken_files_are_refused(data: bytes, reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        weights_file.check(data, "w")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_numbers_that_are_not_finite_are_refused(value: float, dtype: type) -> None:
    data = save({"a": np.zeros(4, dtype), "b": np.array([1, value], dtype)})
    with pytest.raises(BadInput, match="'b' holds infinite"):
        weights_file.check(data, "w")


def test_bfloat_is_looked_at_too() -> None:
    weights_file.check(made({"a": entry(0, 4, [2], "BF16")}, b"\x80\x3f\x00\x40"), "w")
    with pytest.raises(BadInput, match="infinite"):
        weights_file.check(made({"a": entry(0, 4, [2], "BF16")}, b"\x80\x3f\x80\x7f"), "w")
