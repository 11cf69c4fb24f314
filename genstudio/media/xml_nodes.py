"""XML without trust: small trees handed out as they end, no entities, no endless nesting.

Expat alone reads no files and loads no DTD; a file that declares entities is refused before one
is expanded (billion laughs). What is handed out is dropped from its parent, so that memory is
bounded by the largest such element and not by the file.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from xml.parsers import expat

MAX_DEPTH = 100
MAX_NODES = 300_000
"""So many elements may be held at once."""


class Node:
    """An element: `given` in its tag, `text` is what stands directly in it."""

    __slots__ = ("children", "given", "tag", "text")

    def __init__(self, tag: str, given: dict[str, str]) -> None:
        self.tag, self.given = tag, given
        self.text = ""
        self.children: list[Node] = []

    def find(self, tag: str) -> Node | None:
        """The first child of that name."""
        return next((child for child in self.children if child.tag == tag), None)

    def all(self, tag: str) -> list[Node]:
        """All children of that name."""
        return [child for child in self.children if child.tag == tag]

    def words(self, *path: str) -> str:
        """The text of a child (of a child …) on one line, "" where there is none."""
        node: Node | None = self
        for tag in path:
            node = node.find(tag) if node else None
        return " ".join(node.text.split()) if node else ""

    def number(self, *path: str) -> float | None:
        """A number in a child (of a child …), None where there is none; ValueError for others."""
        told = self.words(*path)
        value = float(told) if told else None
        if value is not None and not abs(value) < 1e9:
            raise ValueError(f"{told[:20]} is no number that can be meant")
        return value


def walk(data: bytes, tags: Collection[str], take: Callable[[Node, list[Node]], None]) -> str:
    """Give each element named in `tags` to `take` when it ends, with those it lies in, the root
    first; returns the name of the root. Raises ValueError, expat.ExpatError, or LookupError where
    nobody knows its encoding."""
    builder = _Builder(tags, take)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.EntityDeclHandler = _refuse
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.words
    parser.Parse(data, True)
    return builder.root


class _Builder:
    def __init__(self, tags: Collection[str], take: Callable[[Node, list[Node]], None]) -> None:
        self._tags, self._take = tags, take
        self._open: list[Node] = []
        self._held = 0
        self.root = ""

    def start(self, tag: str, given: dict[str, str]) -> None:
        node = Node(tag, given)
        if self._open:
            self._open[-1].children.append(node)
        self.root = self.root or tag
        self._open.append(node)
        self._held += 1
        if len(self._open) > MAX_DEPTH or self._held > MAX_NODES:
            raise ValueError("its parts are nested too deeply or are too many")

    def end(self, tag: str) -> None:
        node = self._open.pop()
        if tag in self._tags:
            self._take(node, self._open)
            self._held -= _size(node) if self._open else 0
            if self._open:
                self._open[-1].children.pop()

    def words(self, text: str) -> None:
        if self._open and len(self._open[-1].text) < 10_000:
            self._open[-1].text += text


def _size(node: Node) -> int:
    return 1 + sum(_size(child) for child in node.children)


def _refuse(*_: object) -> None:
    raise ValueError("it declares entities, which no score needs")
