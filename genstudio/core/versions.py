"""Versions of a document as a tree: what was written, from where it branched, how to go back.

Each version is kept as one splice of its parent, so that a hundred versions of a long text cost
little more than the text. Places are characters (code points).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from genstudio.core.document import MAX_BYTES, Passage, Piece
from genstudio.core.spelling import sealed
from genstudio.core.stored import Lasting, Short, Stored, read_limited

MOST_VERSIONS = 2000
ROOT = 0
BLOCK = 1 << 16
"""Letters that are compared at once."""
How = Literal["began", "typed", "written", "branched"]
"""`typed` by a person, `written` by a model, `branched` from another word of a model's."""


class Version(Lasting):
    """Characters `at` … `at` + `cut` - 1 of the parent's text became `put`.

    `pieces` say who wrote what of `put`, at their places in the whole text.
    """

    parent: Annotated[int, Field(ge=-1)] = -1
    at: Annotated[int, Field(ge=0)] = 0
    cut: Annotated[int, Field(ge=0)] = 0
    put: str = ""
    pieces: tuple[Piece, ...] = ()
    how: How = "typed"
    title: Short = ""
    model: Short = ""
    created: Short = ""

    def applied(self, text: str) -> str:
        """The parent's text after the splice."""
        return text[: self.at] + self.put + text[self.at + self.cut :]

    def pieces_applied(self, pieces: Iterable[Piece]) -> tuple[Piece, ...]:
        """The parent's pieces after the splice: cut, moved, those of `put` among them."""
        gone, by = self.at + self.cut, len(self.put) - self.cut
        kept = [*clipped(pieces, 0, self.at), *self.pieces]
        for piece in clipped(pieces, gone, None):
            moved = {"start": piece.start + by, "end": piece.end + by}
            kept.append(piece.model_copy(update=moved))
        return tuple(kept)


class Versions(Stored):
    """Version i is `items[i]`; parents stand before their children, 0 is the first of all.

    `passages` are those that any version has a piece of.
    """

    CHECKED: ClassVar[bool] = True
    items: Annotated[tuple[Version, ...], Field(max_length=MOST_VERSIONS)] = ()
    current: Annotated[int, Field(ge=-1)] = -1
    passages: tuple[Passage, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read and validate `path`; raises BadInput naming file, reason and next step."""
        return cls.from_bytes(read_limited(path, MAX_BYTES), path)

    def to_bytes(self) -> bytes:
        """Compact JSON: indented, the numbers of the tokens would fill most of the file."""
        value = self.model_dump(mode="json", exclude_defaults=True, exclude={"items", "passages"})
        for name, kept in (("items", self.items), ("passages", self.passages)):
            value |= {name: [one.spelled for one in kept]} if kept else {}
        return sealed({**value, "format": self.format})

    @model_validator(mode="after")
    def _is_a_tree(self) -> Self:
        for number, item in enumerate(self.items):
            if not (item.parent < number and (item.parent >= 0) == (number > ROOT)):
                raise ValueError("a version stands behind its parent, and only the first has none")
        if self.current >= len(self.items) or (self.items and self.current < 0):
            raise ValueError("the version in use is one of the tree")
        return self

    def path(self, number: int) -> list[int]:
        """From the first version to `number`."""
        found = []
        while number >= 0:
            found.append(number)
            number = self.items[number].parent
        return found[::-1]

    def text_of(self, number: int) -> str:
        """The whole text of a version."""
        text = ""
        for step in self.path(number):
            text = self.items[step].applied(text)
        return text

    def pieces_of(self, number: int) -> tuple[Piece, ...]:
        """Who wrote which part of a version."""
        pieces: tuple[Piece, ...] = ()
        for step in self.path(number):
            pieces = self.items[step].pieces_applied(pieces)
        return pieces

    @property
    def text(self) -> str:
        """The text of the version in use, "" while there is none."""
        return self.text_of(self.current) if self.items else ""

    def children(self, number: int) -> list[int]:
        """The versions that were made from `number`, oldest first."""
        return [place for place, item in enumerate(self.items) if item.parent == number]

    def added(
        self,
        text: str,
        how: How,
        pieces: Iterable[Piece] = (),
        *,
        title: str = "",
        model: str = "",
        created: str = "",
        before: str | None = None,
    ) -> Versions:
        """The tree with `text` as a child of the version in use, in use from now on.

        `before` is the text of the version in use where it is known, which spares putting it
        together. `pieces` are those of the whole text. The same text again changes nothing.
        Where the tree is full, the oldest version that nothing was made from and that is not in
        use gives way.
        """
        before = self.text if before is None else before
        if self.items and text == before:
            return self
        tree = self._with_room()
        at, cut, put = splice(before, text)
        made = Version(
            parent=tree.current,
            at=at,
            cut=cut,
            put=put,
            pieces=tuple(clipped(pieces, at, at + len(put))),
            how=how if tree.items else "began",
            title=title[:400],
            model=model[:400],
            created=created,
        )
        items = (*tree.items, made)
        return Versions(items=items, current=len(tree.items), passages=tree.passages)

    def with_passages(self, passages: Iterable[Passage]) -> Versions:
        """The same tree that knows these passages too; those without a piece are dropped."""
        used = {piece.passage for item in self.items for piece in item.pieces}
        known = {one.number: one for one in (*self.passages, *passages) if one.number in used}
        kept = tuple(known.values())
        return self if kept == self.passages else self.model_copy(update={"passages": kept})

    def using(self, number: int) -> Versions:
        """The same tree with another version in use."""
        return self.model_copy(update={"current": number})

    def typed(
        self, text: str, pieces: Iterable[Piece] = (), *, created: str = "", before: str = ""
    ) -> Versions:
        """What somebody wrote on the version in use: one version until something else happens.

        Back at a text of the way there (undo), that version is in use again. `before` is the
        text of the version in use.
        """
        if not self.items or text == before:
            return self.added(text, "typed", pieces, created=created, before=before)
        for number in self.path(self.current)[-2:-1]:
            if self.text_of(number) == text:
                return self.using(number)
        last = self.items[self.current]
        if last.how != "typed" or self.children(self.current):
            return self.added(text, "typed", pieces, created=created, before=before)
        parent, rest = self.text_of(last.parent), self.using(last.parent).without(self.current)
        return rest.using(last.parent).added(text, "typed", pieces, created=created, before=parent)

    def without(self, number: int) -> Versions:
        """The tree without a version that nothing was made from and that is not in use."""
        if number == self.current or self.children(number):
            raise ValueError("only a leaf that is not in use can go")

        def place(old: int) -> int:
            return old - (old > number)

        kept = [
            item.model_copy(update={"parent": place(item.parent)})
            for old, item in enumerate(self.items)
            if old != number
        ]
        current = place(self.current)
        return Versions(items=tuple(kept), current=current, passages=self.passages)

    def _with_room(self) -> Versions:
        if len(self.items) < MOST_VERSIONS:
            return self
        parents = {item.parent for item in self.items}
        for number in range(len(self.items)):
            if number not in parents and number != self.current:
                return self.without(number)
        # One line without branches: its first two become one.
        first, second = self.items[0], self.items[1]
        text, pieces = second.applied(first.put), second.pieces_applied(first.pieces)
        whole = first.model_copy(update={"put": text, "pieces": pieces})
        rest = (item.model_copy(update={"parent": item.parent - 1}) for item in self.items[2:])
        current = self.current - 1
        return Versions(items=(whole, *rest), current=current, passages=self.passages)


def clipped(pieces: Iterable[Piece], start: int, end: int | None) -> list[Piece]:
    """What of `pieces` lies between `start` and `end` (None: the end of the text)."""
    found = []
    for piece in pieces:
        first = max(start, piece.start)
        last = piece.end if end is None else min(end, piece.end)
        if first < last:
            found.append(piece.model_copy(update={"start": first, "end": last}))
    return found


def splice(before: str, after: str) -> tuple[int, int, str]:
    """(at, cut, put) that turns `before` into `after`: what differs between common ends."""
    shorter = min(len(before), len(after))
    at = _common(shorter, lambda low, high: before[low:high] == after[low:high])
    old, new = len(before), len(after)
    tail = _common(
        shorter - at,
        lambda low, high: before[old - high : old - low] == after[new - high : new - low],
    )
    return at, old - at - tail, after[at : new - tail]


def _common(most: int, same: Callable[[int, int], bool]) -> int:
    """How many of `most` letters are alike, where `same(a, b)` says it of those from a to b - 1.

    Block by block, then by halving: strings compare fast, loops do not.
    """
    low = 0
    while low < most and same(low, min(low + BLOCK, most)):
        low = min(low + BLOCK, most)
    high = min(low + BLOCK, most)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if same(low, middle) else (low, middle - 1)
    return low
