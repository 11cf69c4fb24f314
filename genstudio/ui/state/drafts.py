"""Inputs that were painted here and lie in memory until they are asked for."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from pathlib import Path
from typing import Any

MOST_BYTES = 4_000_000
"""A painted mask is some kilobytes; more in a session file is not ours."""


def pack(given: Path | bytes) -> dict[str, str]:
    """A file's path or painted bytes as JSON."""
    if isinstance(given, bytes):
        return {"png": base64.b64encode(given).decode()}
    return {"path": str(given)}


def unpack(saved: object) -> Path | bytes | None:
    """What `pack` made, where it is still there; None for anything else."""
    if not isinstance(saved, dict):
        return None
    png, path = saved.get("png"), saved.get("path")
    if isinstance(png, str) and len(png) <= MOST_BYTES:
        try:
            return base64.b64decode(png, validate=True) or None
        except binascii.Error:
            return None
    if isinstance(path, str) and path and Path(path).is_file():
        return Path(path)
    return None


def unpack_all(saved: object) -> dict[str, Path | bytes]:
    """Every good entry of a mapping of `pack`ed inputs."""
    entries: Mapping[str, Any] = saved if isinstance(saved, dict) else {}
    found = {name: unpack(entry) for name, entry in entries.items()}
    return {name: given for name, given in found.items() if given is not None}
