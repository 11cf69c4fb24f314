"""Rounds from records: variations of a result, and the rounds of the last session."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from genstudio.core.artifact import Artifact
from genstudio.core.controls import MAX_SEED
from genstudio.core.errors import GenStudioError, NotFound
from genstudio.core.family import Task
from genstudio.core.request import Request
from genstudio.core.series import Series
from genstudio.core.stored import Json
from genstudio.studio import series as series_shelf
from genstudio.ui.state.ask_state import AskState
from genstudio.ui.state.results import Place, Round, places_of_series

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio

DEFAULT_VARIATION = 0.3
VARIATIONS = 16
_NAMES = {"variation", "variation_seed", "variation_of"}


def task_of(ask: AskState, request: Request) -> tuple[str, Task] | None:
    """(title, task) of what a request asks for; None where the model or its task is gone."""
    model = next((m for m in ask.models if m.manifest.id == request.model), None)
    task = next((t for t in model.tasks if t.name == request.task), None) if model else None
    return (f"{model.manifest.title} · {task.title}", task) if model and task else None


def variation_values(ask: AskState, request: Request, index: int) -> dict[str, Json] | None:
    """Values that ask for pictures near item `index` of `request`; None where there is no way.

    A variation of a variation goes out from the same parent: the blend is not drawn again.
    """
    task = task_of(ask, request)
    names = {c.name for c in task[1].controls} if task else set()
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


def sketch_over(ask: AskState, base: Round | None) -> Round:
    """Places to redraw while a slider moves: those of `base` where it asks the same task.

    A sweep is not redrawn as a whole: its cells differ in more than the form says. UsageError.
    """
    chosen = (ask.model_id, ask.task_name)
    same = base is not None and (base.request.model, base.request.task) == chosen
    if base is None or not same or base.series is not None:
        asked = ask.request(ask.seed, first=ask.first)
        title = ask.model.manifest.title if ask.model else ""
        return Round(asked, title, "image", [Place(index=0)], sketch=True)
    asked = ask.request(base.request.seed, first=base.request.first)
    places = [Place(p.index, p.state, p.picture, p.path, seed=p.seed) for p in base.places]
    return Round(asked, base.title, "image", places, sketch=True)


def series_round(ask: AskState, series: Series) -> Round:
    """The round of a sweep or a list, all its places empty; raises NotFound without its model."""
    found = task_of(ask, series.base)
    if found is None:
        raise NotFound(f"The model {series.base.model} is not installed here")
    _title, task = found
    places = places_of_series(task, series)
    return Round(series.base, series.title, task.output, places, series=series)


def opened_series(studio: Studio, ask: AskState, name: str) -> Round:
    """A series of the gallery as the round it was. Raises NotFound, BadInput."""
    asked = series_shelf.read(studio.home, name)
    made = series_round(ask, asked)
    for place, artifact in zip(made.places, series_shelf.results(studio.gallery, asked)):
        if artifact is not None:
            _fill(place, studio, artifact)
    made.end()
    return made


def round_snapshot(asked: Round) -> dict[str, Any]:
    """A round as JSON: its request and which gallery files fill its places."""
    return {
        "request": asked.request.model_dump(mode="json"),
        "title": asked.title,
        "output": asked.output,
        "artifacts": [place.artifact for place in asked.places],
        "series": asked.series.id if asked.series else "",
    }


def restored_rounds(studio: Studio, saved: object) -> list[Round]:
    """The rounds of a session of which results are still there."""
    entries = saved if isinstance(saved, list) else []
    return [found for entry in entries if (found := restored_round(studio, entry)) is not None]


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
    series = _kept_series(studio, str(saved.get("series", "")))
    if series is not None and series.total == len(places):
        return Round(request, title, output, places, running=False, series=series)
    return Round(request, title, output, places, running=False)


def _kept_series(studio: Studio, name: str) -> Series | None:
    try:
        return series_shelf.read(studio.home, name) if name else None
    except GenStudioError:
        return None


def _restored_place(studio: Studio, index: int, artifact_id: str) -> Place:
    try:
        artifact = studio.gallery.get(artifact_id) if artifact_id else None
    except GenStudioError:
        artifact = None
    if artifact is None:
        return Place(index=index, state="trashed" if artifact_id else "lost")
    place = Place(index=index)
    _fill(place, studio, artifact)
    return place


def _fill(place: Place, studio: Studio, artifact: Artifact) -> None:
    made = artifact.provenance
    place.state = "trashed" if artifact.trashed else "done"
    place.path, place.artifact = studio.gallery.path(artifact), artifact.id
    place.seed, place.number = made.request.seed, made.index
    place.output, place.starred = artifact.output, artifact.starred
    place.data = dict(made.facts)
