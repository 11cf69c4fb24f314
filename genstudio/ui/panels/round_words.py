"""The words for rounds and places: titles, labels, names for a screen reader."""

from __future__ import annotations

from PySide6.QtGui import QImage

from genstudio.ui.panels.image_pages import facts_text
from genstudio.ui.state.results import Place, Round
from genstudio.ui.state.words import several
from genstudio.ui.widgets.result_grid import Cell


def round_title(shown: Round) -> str:
    """`16 results`, `9 of 16 results`, `Live preview`."""
    count = sum(place.state != "trashed" for place in shown.places)
    if shown.sketch:
        return "Live preview"
    if shown.running and count > 1:
        return f"{shown.done} of {several(count, 'result')}"
    if shown.output != "image" or count == 1:
        return shown.title
    if shown.done < count:
        return f"{shown.done} of {several(count, 'result')}, stopped"
    return several(count, "result")


def place_name(shown: Round, place: Place) -> str:
    """`Result 4 of 16`."""
    return f"Result {place.index + 1} of {len(shown.places)}"


def cell_of(shown: Round, place: Place, image: QImage | None) -> Cell:
    """What the grid shows of a place."""
    seed = place.seed or shown.request.seed
    number = place.number if place.number >= 0 else shown.request.first + place.index
    facts = facts_text(place.data)
    label = f"{seed} · {number}" if place.state == "done" else ""
    name = f"{place_name(shown, place)}, seed {seed}"
    badge = {"lost": "not made"}.get(place.state, "") if image is None else ""
    return Cell(
        key=str(place.index),
        label=label,
        name=f"{name}, {facts}" if facts else name,
        path=str(place.path) if place.state == "done" and place.path else "",
        image=image,
        passing=place.state == "preview",
        starred=place.starred,
        badge=badge,
        tip=f"Seed {seed}, number {number}\n{facts}".strip(),
        data=place.index,
    )
