"""XML in small trees: what is handed out, what is refused."""

from __future__ import annotations

from xml.parsers import expat

import pytest

from genstudio.media import xml_nodes
from genstudio.media.xml_nodes import Node, walk


def walked(data: bytes, *tags: str) -> list[tuple[str, list[str], list[str]]]:
    """(tag, tags it lies in, tags of its children) of each element handed out."""
    found: list[tuple[str, list[str], list[str]]] = []

    def take(node: Node, inside: list[Node]) -> None:
        found.append((node.tag, [n.tag for n in inside], [n.tag for n in node.children]))

    assert walk(data, tags, take) == "a"
    return found


def test_elements_come_when_they_end_and_leave_their_parent() -> None:
    assert walked(b"<a><b><c/><d/></b><c/><b/></a>", "b", "c") == [
        ("c", ["a", "b"], []),
        ("b", ["a"], ["d"]),
        ("c", ["a"], []),
        ("b", ["a"], []),
    ]
    assert walked(b"<a><b/></a>", "a") == [("a", [], ["b"])]


def test_words_and_numbers() -> None:
    nodes: list[Node] = []
    walk(b"<a> x\n <b><c>4.5</c>y</b> &amp; z <b/></a>", {"a"}, lambda node, _: nodes.append(node))
    (node,) = nodes
    assert node.words() == "x & z"
    assert node.words("b") == "y"
    assert node.number("b", "c") == 4.5
    assert node.number("b", "d") is None
    assert node.words("d", "c") == ""
    assert len(node.all("b")) == 2
    assert node.find("d") is None


@pytest.mark.parametrize("told", ["x", "nan", "inf", "1e9", "-1e30"])
def test_numbers_that_nobody_means(told: str) -> None:
    node = Node("a", {})
    node.text = told
    with pytest.raises(ValueError, match=r"number|convert"):
        node.number()


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="nested too deeply"):
        walked(b"<a>" * 101 + b"</a>" * 101)
    monkeypatch.setattr(xml_nodes, "MAX_NODES", 10)
    with pytest.raises(ValueError, match="too many"):
        walked(b"<a>" + b"<b/>" * 10 + b"</a>")
    assert len(walked(b"<a>" + b"<b><c/></b>" * 10 + b"</a>", "b")) == 10


@pytest.mark.parametrize(
    "inside",
    [
        '<!ENTITY e "x">',
        '<!ENTITY % e SYSTEM "http://127.0.0.1/x">',
        '<!ENTITY e SYSTEM "/etc/passwd">',
    ],
)
def test_entities_are_refused_where_they_are_declared(inside: str) -> None:
    with pytest.raises(ValueError, match="entities"):
        walked(f"<!DOCTYPE a [{inside}]><a/>".encode())


def test_what_is_no_xml() -> None:
    with pytest.raises(expat.ExpatError):
        walked(b"<a><b></a>")
