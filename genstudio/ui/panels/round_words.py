"""The words for rounds and places: titles, labels, names for a screen reader."""

from __future__ import annotations

from PySide6.QtGui import QImage

from genstudio.core.artifact import UNFINISHED
from genstudio.ui.panels.image_pages import BETWEEN, facts_text
from genstudio.ui.state.results import Place, Round
from genstudio.ui.state.words import cut_short, several
from genstudio.ui.widgets.result_grid import Cell

LONGEST = 40
"""Letters of a title that leave room for the actions beside it."""


def round_title(shown: Round) -> str:
    """`16 results`, `9 of 16 results`, `Live preview`."""
    count = sum(place.state != "trashed" for place in shown.places)
    if shown.sketch:
        return "Live preview"
    if shown.series is not None:
        return _series_title(shown)
    if shown.running and count > 1:
        return f"{shown.done} of {several(count, 'result')}"
    if shown.output != "image" or count == 1:
        return shown.title
    finished = shown.done - len(shown.unfinished)
    if finished < count:
        return f"{finished} of {several(count, 'result')}, stopped"
    return several(count, "result")


def _series_title(shown: Round) -> str:
    """`Truncation × Class`, with what is not there yet or was not made."""
    series, wanted = shown.series, len(shown.places)
    assert series is not None
    words = series.title.partition(": ")[2] or series.title
    words = words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
    failed = sum(bool(place.fault) for place in shown.places)
    if shown.running:
        return f"{words} · {shown.done} of {wanted}"
    if failed:
        return f"{words} · {failed} of {wanted} not made"
    return f"{words} · {shown.done} of {wanted}, stopped" if shown.done < wanted else words


def places_in_sight(shown: Round, starred: bool) -> list[Place]:
    """The places to show; in a sweep all of them, or the columns would no longer fit."""
    if shown.series is not None and shown.series.x is not None:
        return shown.places
    return [p for p in shown.places if p.state != "trashed" and (p.starred or not starred)]


def can_filter(shown: Round) -> bool:
    """Whether the starred ones may be shown alone."""
    return len(shown.places) > 1 and (shown.series is None or shown.series.x is None)


def axis_labels(shown: Round) -> tuple[tuple[str, ...], tuple[str, ...], str, str]:
    """(columns, rows, name across, name down) of a sweep; nothing for other rounds."""
    x, y = (shown.series.x, shown.series.y) if shown.series else (None, None)
    return (
        x.labels if x else (),
        y.labels if y else (),
        x.label if x else "",
        y.label if y else "",
    )


def place_name(shown: Round, place: Place) -> str:
    """`Result 4 of 16`."""
    return f"Result {place.index + 1} of {len(shown.places)}"


def cell_of(shown: Round, place: Place, image: QImage | None) -> Cell:
    """What the grid shows of a place."""
    known = place.number >= 0
    seed = place.seed if known else place.seed or shown.request.seed
    number = place.number if known else shown.request.first + place.index
    facts = facts_text(place.data)
    label = f"{seed} · {number}" if place.state == "done" else ""
    name = f"{place_name(shown, place)}, seed {seed}"
    called = shown.series.name_of(place.index) if shown.series else ""
    if called:
        # In a sweep the labels of row and column say it already.
        told = place.state == "done" and shown.series is not None and shown.series.x is None
        label, name = called if told else "", f"{called}, {name}"
    tip = f"Seed {seed}, number {number}\n{facts.replace(BETWEEN, chr(10))}".strip()
    if place.state == "trashed":
        image = None
    badge = {"lost": "not made", "trashed": "in the trash"}.get(place.state, "")
    if badge and shown.series is not None and shown.series.x is None:
        badge = f"{called}: {badge}"
    badge = badge if image is None else cut_short(place.data.get(UNFINISHED))
    return Cell(
        key=str(place.index),
        label=label,
        name=f"{name}, {facts}" if facts else name,
        path=str(place.path) if place.state == "done" and place.path else "",
        image=image,
        passing=place.state == "preview",
        starred=place.starred,
        badge=badge,
        tip="\n".join(line for line in (called, tip, place.fault) if line),
        data=place.index,
    )
