"""Results as a generate worker hands them over, made without a model."""

from __future__ import annotations

import uuid
from typing import Any

import numpy as np

from genstudio.core import files
from genstudio.core.artifact import Provenance
from genstudio.core.events import Result
from genstudio.core.paths import Home
from genstudio.core.request import Request
from genstudio.media import image


def provenance(
    seed: int = 1,
    model: str = "toy-gan",
    task: str = "sample",
    values: dict[str, Any] | None = None,
    index: int = 0,
    inputs: dict[str, str] | None = None,
    output: str = "image",
) -> Provenance:
    """What a made-up model says about one of its results."""
    request = Request(model=model, task=task, values=values or {}, seed=seed, inputs=inputs or {})
    return Provenance(
        app="GenStudio test", request=request, index=index, family="gan", output=output
    )


def result(
    home: Home,
    *,
    data: dict[str, Any] | None = None,
    content: bytes | None = None,
    suffix: str = ".png",
    output: str = "image",
    **facts: Any,
) -> Result:
    """A Result whose file lies in the spool: a grey picture of 12 × 8 pixels by default."""
    made = provenance(output=output, **facts)
    request = made.request
    pixels = np.full((8, 12, 1), request.seed % 256, np.uint8)
    path = home.spool / f"{uuid.uuid4().hex}{suffix}"
    files.write_passing(
        path, content if content is not None else image.encode(pixels, ".png", made, "full")
    )
    shown = {"width": 12, "height": 8} if output == "image" else {}
    return Result(
        path=str(path),
        index=made.index,
        seed=request.seed,
        output=output,
        data={**(data or {}), **shown, "provenance": made.model_dump(mode="json")},
    )
