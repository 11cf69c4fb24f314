"""Catalog of model families: the folders below this one that hold a `family.py`.

Nothing outside a family folder names a family; the frozen build calls `names` too.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from types import ModuleType

from genstudio.core.errors import NotFound
from genstudio.core.family import Family


@functools.cache
def names() -> tuple[str, ...]:
    """All families, sorted by name."""
    return tuple(sorted(info.name for info in pkgutil.iter_modules(__path__) if info.ispkg))


def family(name: str) -> Family:
    """The Family called `name`; raises NotFound."""
    found: Family = part(name, "family").FAMILY
    return found


def part(name: str, module: str) -> ModuleType:
    """Module `module` ("network", "objective", "to_onnx", "sample" …) of a family."""
    if name not in names():
        raise NotFound(
            f"This version knows no model family {name!r}",
            next_step=f"Known families: {', '.join(names())}.",
        )
    return importlib.import_module(f"{__name__}.{name}.{module}")
