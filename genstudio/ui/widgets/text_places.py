"""Places in a text: characters, as Python and files count, and UTF-16 units, as Qt does."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable

from genstudio.ui.widgets.passages import Span

_HALVES = re.compile("[\ud800-\udfff]")
_WIDE = re.compile("[\U00010000-\U0010ffff]")


def whole(text: str) -> str:
    """`text` with U+FFFD for halves of characters, which no file can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _HALVES.sub("\ufffd", text)
    return text


def parted(text: str, start: int, end: int) -> tuple[str, str]:
    """The text before start and the text behind end, both in units."""
    if text.isascii():
        return text[:start], text[end:]
    coded = text.encode("utf-16-le", "surrogatepass")
    before, after = coded[: 2 * start], coded[2 * end :]
    return before.decode("utf-16-le", "surrogatepass"), after.decode("utf-16-le", "surrogatepass")


def units(text: str) -> int:
    """How many of Qt's units a text has: an emoji has two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def in_units(text: str, spans: Iterable[Span]) -> list[Span]:
    """Spans counted in characters, counted in Qt's units."""
    return _converted(text, spans, False)


def in_characters(text: str, spans: Iterable[Span]) -> list[Span]:
    """Spans counted in Qt's units, counted in characters."""
    return _converted(text, spans, True)


def _converted(text: str, spans: Iterable[Span], back: bool) -> list[Span]:
    wide = [] if text.isascii() else [found.start() for found in _WIDE.finditer(text)]
    if not wide:
        return list(spans)
    # The k-th wide character begins at unit wide[k] + k.
    marks = [place + k for k, place in enumerate(wide)] if back else wide
    sign = -1 if back else 1

    def there(place: int) -> int:
        return place + sign * bisect_left(marks, place)

    return [(there(a), there(b), n) for a, b, n in spans]


def common(before: str, after: str) -> tuple[int, int]:
    """How many characters two texts share at their beginning and, behind that, at their end."""
    most = min(len(before), len(after))
    start = _shared(before[:most], after[:most])
    rest = most - start
    tail = _shared(before[len(before) - rest :][::-1], after[len(after) - rest :][::-1])
    return start, tail


def _shared(one: str, other: str) -> int:
    """The length of the common beginning of two texts of the same length, by halving."""
    low, high = 0, len(one)
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
