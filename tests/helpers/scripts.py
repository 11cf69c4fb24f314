"""Scripts of setup/ as modules: they are no package, and some widen the path to import others."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

SETUP = Path(__file__).resolve().parents[2] / "setup"


@contextmanager
def script(name: str) -> Iterator[ModuleType]:
    """setup/NAME.py, carried out; path and modules are afterwards as before."""
    spec = importlib.util.spec_from_file_location(name, SETUP / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    before = list(sys.path)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
        sys.path[:] = before
        yield module
    finally:
        sys.path[:] = before
        del sys.modules[name]
