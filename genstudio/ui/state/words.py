"""Numbers as people say them: times rounded, sizes with units, counts with their noun."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path


def duration(seconds: float) -> str:
    """`under 1 s`, `4 s`, `about 40 s`, `about 3 h`: coarse, so as not to flicker."""
    seconds = max(0.0, seconds)
    if seconds < 1:
        return "under 1 s"
    if seconds < 9.5:
        return f"{round(seconds)} s"
    if seconds < 55:
        return f"about {round(seconds / 5) * 5} s"
    if seconds < 570:
        return f"about {max(1, round(seconds / 60))} min"
    if seconds < 3300:
        return f"about {round(seconds / 300) * 5} min"
    return f"about {round(seconds / 1800) / 2:g} h"


def left(seconds: float) -> str:
    """What remains: `about 40 s left`."""
    return "almost done" if seconds < 1 else f"{duration(seconds)} left"


def size(count: float) -> str:
    """Bytes with a unit of 1,000: `820 B`, `12 kB`, `1.1 GB`."""
    if count < 1000:
        return f"{round(count)} B"
    scale, unit = next(
        ((s, u) for s, u in ((1e3, "kB"), (1e6, "MB")) if count / s < 999.5), (1e9, "GB")
    )
    count /= scale
    return f"{count:.1f} {unit}" if count < 9.95 else f"{round(count):,} {unit}"


def number(value: float, decimals: int = 0) -> str:
    """Thousands with commas: `10,000`."""
    return f"{value:,.{decimals}f}"


def several(count: int, one: str, many: str = "") -> str:
    """`1 result`, `24 results`, `10,000 images`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def short_path(folder: Path, most: int = 36) -> str:
    """A folder in at most `most` letters, its end kept; `~` for the home folder."""
    text, home = str(folder), Path.home()
    if folder == home or home in folder.parents:
        text = "~" + text[len(str(home)) :]
    return text if len(text) <= most else "…" + text[1 - most :]


def moment(iso: str) -> str:
    """An ISO time as local date and time, `21 Nov 2026, 14:05`; the text itself if it is none."""
    then = _parsed(iso)
    if then is None:
        return iso
    local = then.astimezone()
    return f"{local.day} {local:%b %Y, %H:%M}"


def ago(iso: str, now: datetime | None = None) -> str:
    """How long since an ISO time: `just now`, `5 min ago`, `yesterday`, else the date."""
    then = _parsed(iso)
    if then is None:
        return iso
    seconds = ((now or datetime.now(UTC)) - then).total_seconds()
    if seconds < 60:
        return "just now"
    if seconds < 3600:
        return f"{int(seconds // 60)} min ago"
    if seconds < 86400:
        return f"{int(seconds // 3600)} h ago"
    if seconds < 172800:
        return "yesterday"
    local = then.astimezone()
    return f"{local.day} {local:%B %Y}"


def cut_short(fact: object) -> str:
    """`step 9 of 20` of an unfinished result's fact: short enough for its tile."""
    return str(fact or "").removeprefix("stopped at ")


def _parsed(iso: str) -> datetime | None:
    try:
        then = datetime.fromisoformat(iso)
    except ValueError:
        return None
    return then if then.tzinfo else then.replace(tzinfo=UTC)
