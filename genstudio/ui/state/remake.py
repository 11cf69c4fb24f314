"""Rounds from records: variations of a result, and the rounds of the last session."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from genstudio.core.controls import MAX_SEED
from genstudio.core.errors import GenStudioError
from genstudio.core.request import Request
from genstudio.core.stored import Json
from genstudio.ui.state.ask_state import AskState
from genstudio.ui.state.results import Place, Round

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio

DEFAULT_VARIATION = 0.3
VARIATIONS = 16
_NAMES = {"variation", "variation_seed", "variation_of"}


def variation_values(ask: AskState, request: Request, index: int) -> dict[str, Json] | None:
    """Values that ask for pictures near item `index` of `request`; None where there is no way.

    A variation of a variation goes out from the same parent: the blend is not drawn again.
    """
    model = next((m for m in ask.models if m.manifest.id == request.model), None)
    task = next((t for t in model.tasks if t.name == request.task), None) if model else None
    names = {c.name for c in task.controls} if task else set()
    if not names >= _NAMES:
        return None
    old, parent = request.values, request.values.get("variation_of", -1)
    varied = bool(old.get("variation")) and isinstance(parent, int) and parent >= 0
    values = {
        **old,
        "variation": ask.values.get("variation") or old.get("variation") or DEFAULT_VARIATION,
        "variation_seed": secrets.randbelow(MAX_SEED + 1),
        "variation_of": parent if varied else index,
    }
    if "count" in names:
        values["count"] = VARIATIONS
    return values


def round_snapshot(asked: Round) -> dict[str, Any]:
    """A round as JSON: its request and which gallery files fill its places."""
    return {
        "request": asked.request.model_dump(mode="json"),
        "title": asked.title,
        "output": asked.output,
        "artifacts": [place.artifact for place in asked.places],
    }


def restored_round(studio: Studio, saved: object) -> Round | None:
    """The round of a snapshot with the results that are still there; None without any."""
    if not isinstance(saved, dict) or not isinstance(saved.get("artifacts"), list):
        return None
    try:
        request = Request.model_validate(saved.get("request"))
    except ValidationError:
        return None
    places = [_restored_place(studio, i, str(a)) for i, a in enumerate(saved["artifacts"])]
    if not any(place.state == "done" for place in places):
        return None
    title, output = str(saved.get("title", "")), str(saved.get("output", "image"))
    return Round(request, title, output, places, running=False)


def _restored_place(studio: Studio, index: int, artifact_id: str) -> Place:
    try:
        artifact = studio.gallery.get(artifact_id) if artifact_id else None
    except GenStudioError:
        artifact = None
    if artifact is None:
        return Place(index=index, state="trashed" if artifact_id else "lost")
    return Place(
        index=index,
        state="trashed" if artifact.trashed else "done",
        path=studio.gallery.path(artifact),
        artifact=artifact.id,
        seed=artifact.provenance.request.seed,
        output=artifact.output,
        starred=artifact.starred,
        data=dict(artifact.provenance.facts),
        number=artifact.provenance.index,
    )
