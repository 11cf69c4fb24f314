"""A look into a safetensors file: the rules of its README, held more strictly than the library.

Header of at most 100 MB, no key twice, no leading space, numbers without holes or overlap that
end with the file (safetensors 0.8 accepts duplicate keys and leading spaces, RELIABILITY.md 1),
and every floating number finite.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from genstudio.core.errors import BadInput

MAX_HEADER = 100 * 1024**2
_KINDS: dict[str, tuple[int, str]] = {
    "F64": (8, "<f8"),
    "F32": (4, "<f4"),
    "F16": (2, "<f2"),
    "BF16": (2, "bf16"),
    "I64": (8, ""),
    "I32": (4, ""),
    "I16": (2, ""),
    "I8": (1, ""),
    "U64": (8, ""),
    "U32": (4, ""),
    "U16": (2, ""),
    "U8": (1, ""),
    "BOOL": (1, ""),
}
_BLOCK = 4 * 1024**2


def check(data: bytes | memoryview, name: str) -> dict[str, tuple[int, ...]]:
    """Shapes by name of all tensors in the bytes of a file; raises BadInput."""
    view = memoryview(data).cast("B")
    try:
        header, start = _header(view)
        spans = [_span(key, entry) for key, entry in header.items() if key != "__metadata__"]
        _cover(spans, len(view) - start)
        for key, kind, _, low, high in spans:
            _finite(key, kind, view[start + low : start + high])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadInput(
            f"{name} is not a sound weights file: {error}",
            file=name,
            next_step="Fetch or export it again.",
        ) from error
    return {key: shape for key, _, shape, _, _ in spans}


def _header(view: memoryview) -> tuple[dict[str, Any], int]:
    if len(view) < 9:
        raise ValueError("it ends too early")
    length = int.from_bytes(view[:8], "little")
    if length > MAX_HEADER or length > len(view) - 8:
        raise ValueError("its header is longer than the file or than 100 MB")
    text = bytes(view[8 : 8 + length])
    if not text.startswith(b"{"):
        raise ValueError("its header does not begin with {")
    header = json.loads(text, object_pairs_hook=_once)
    return header, 8 + length


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("its header names something twice")
    return found


def _span(key: str, entry: Any) -> tuple[str, str, tuple[int, ...], int, int]:
    """(name, kind, shape, first byte, last byte + 1) of one tensor."""
    if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
        raise ValueError(f"{key[:60]!r} is described wrongly")
    shape, (low, high) = tuple(entry["shape"]), entry["data_offsets"]
    numbers = (*shape, low, high)
    if any(not isinstance(n, int) or isinstance(n, bool) or not 0 <= n <= 2**48 for n in numbers):
        raise ValueError(f"{key[:60]!r} has an absurd size")
    if entry["dtype"] not in _KINDS:
        raise ValueError(f"{key[:60]!r} has an unknown type")
    size = _KINDS[entry["dtype"]][0]
    for n in shape:
        size *= n
    if high - low != size:
        raise ValueError(f"{key[:60]!r} has the wrong length")
    return key, entry["dtype"], shape, low, high


def _cover(spans: list[tuple[str, str, tuple[int, ...], int, int]], total: int) -> None:
    place = 0
    for key, _, _, low, high in sorted(spans, key=lambda span: (span[3], span[4])):
        if low != place:
            raise ValueError(f"there is a hole or an overlap before {key[:60]!r}")
        place = high
    if place != total:
        raise ValueError("its numbers do not end with the file")


def _finite(key: str, kind: str, view: memoryview) -> None:
    form = _KINDS[kind][1]
    if not form:
        return
    for place in range(0, len(view), _BLOCK):
        part = view[place : place + _BLOCK]
        if form == "bf16":  # all exponent bits set = infinite or not a number
            sound = ((np.frombuffer(part, "<u2") & 0x7F80) != 0x7F80).all()
        else:
            sound = np.isfinite(np.frombuffer(part, form)).all()
        if not sound:
            raise ValueError(f"{key[:60]!r} holds infinite or undefined numbers")
