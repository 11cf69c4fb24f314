"""Versions: texts come back exactly, branches stay, a full tree makes room."""

from __future__ import annotations

import random

import pytest
from pydantic import ValidationError

from genstudio.core import versions
from genstudio.core.document import Piece
from genstudio.core.errors import BadInput
from genstudio.core.versions import Version, Versions, splice


@pytest.fixture
def tree():
    """began - written - typed, and a branch from the second."""
    made = Versions().added("Once", "typed")
    made = made.added("Once upon a time", "written", [Piece(start=4, end=16, passage=1)], model="m")
    made = made.added("Once upon a time.", "typed")
    return made.using(1).added("Once upon a hill", "branched")


def test_every_text_comes_back(tree):
    texts = [tree.text_of(number) for number in range(4)]
    assert texts == ["Once", "Once upon a time", "Once upon a time.", "Once upon a hill"]
    assert tree.text == "Once upon a hill"
    assert [item.how for item in tree.items] == ["began", "written", "typed", "branched"]


def test_only_the_difference_is_kept(tree):
    branch = tree.items[3]
    assert (branch.parent, branch.at, branch.cut, branch.put) == (1, 12, 4, "hill")
    assert tree.path(3) == [0, 1, 3]
    assert tree.children(1) == [2, 3]


def test_the_same_text_is_no_new_version(tree):
    assert tree.added("Once upon a hill", "typed") is tree


def test_who_wrote_what_comes_back(tree):
    assert tree.pieces_of(1) == (Piece(start=4, end=16, passage=1),)
    assert tree.pieces_of(2) == (Piece(start=4, end=16, passage=1),)
    # The word that was changed is nobody's: what stands before it stays the model's.
    assert tree.pieces_of(3) == (Piece(start=4, end=12, passage=1),)
    front = tree.using(2).added("So: Once upon a time.", "typed")
    assert front.pieces_of(4) == (Piece(start=8, end=20, passage=1),)


def test_a_piece_is_kept_only_where_the_text_is_new():
    tree = Versions().added("abcdef", "typed")
    tree = tree.added("abcXdef", "written", [Piece(start=0, end=7, passage=2)])
    assert tree.items[1].pieces == (Piece(start=3, end=4, passage=2),)


def test_a_tree_is_read_back(tree, tmp_path):
    path = tmp_path / "a.versions.json"
    path.write_bytes(tree.to_bytes())
    assert Versions.read(path) == tree
    path.write_bytes(tree.to_bytes().replace(b"hill", b"mill"))
    with pytest.raises(BadInput, match="damaged"):
        Versions.read(path)


@pytest.mark.parametrize(
    "items",
    [
        (Version(parent=0),),
        (Version(), Version(parent=-1)),
        (Version(), Version(parent=1)),
    ],
)
def test_what_is_no_tree_is_refused(items):
    with pytest.raises(ValidationError):
        Versions(items=items, current=0)


@pytest.mark.parametrize("current", [-1, 1])
def test_the_version_in_use_is_there(current):
    with pytest.raises(ValidationError):
        Versions(items=(Version(),), current=current)


def test_a_leaf_goes_and_the_others_stay(tree):
    smaller = tree.without(2)
    assert [smaller.text_of(n) for n in range(3)] == [
        "Once",
        "Once upon a time",
        "Once upon a hill",
    ]
    assert smaller.text == "Once upon a hill"


@pytest.mark.parametrize("number", [0, 1, 3])
def test_what_is_needed_does_not_go(tree, number):
    with pytest.raises(ValueError, match="leaf"):
        tree.without(number)


def test_a_full_tree_gives_up_its_oldest_leaf(tree, monkeypatch):
    monkeypatch.setattr(versions, "MOST_VERSIONS", 4)
    fuller = tree.added("Once upon a hill there", "written")
    assert len(fuller.items) == 4
    assert "Once upon a time." not in [fuller.text_of(n) for n in range(4)]
    assert fuller.text == "Once upon a hill there"


def test_a_full_line_joins_its_beginnings(monkeypatch):
    monkeypatch.setattr(versions, "MOST_VERSIONS", 3)
    tree = Versions()
    for end in range(1, 8):
        text = "abcdefgh"[:end]
        tree = tree.added(text, "written", [Piece(start=0, end=end, passage=1)])
    assert [tree.text_of(n) for n in range(3)] == ["abcde", "abcdef", "abcdefg"]
    assert sum(piece.end - piece.start for piece in tree.pieces_of(2)) == 7


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", (0, 0, "")),
        ("", "a", (0, 0, "a")),
        ("a", "", (0, 1, "")),
        ("aa", "aaa", (2, 0, "a")),
        ("abc", "aXc", (1, 1, "X")),
        ("😀b", "😀c", (1, 1, "c")),
    ],
)
def test_splices(before, after, expected):
    assert splice(before, after) == expected


def test_splices_of_any_texts_rebuild_them():
    draw = random.Random(5)
    for _ in range(300):
        before, after = ("".join(draw.choices("ab", k=draw.randrange(9))) for _ in range(2))
        at, cut, put = splice(before, after)
        assert Version(at=at, cut=cut, put=put).applied(before) == after


def test_a_long_text_costs_little():
    text = "word " * 40_000
    tree = Versions().added(text, "typed")
    for number in range(20):
        tree = tree.added(tree.text + f"more {number} ", "written")
    assert len(tree.to_bytes()) < 1.1 * len(text)
    assert tree.text.endswith("more 19 ")


def test_what_is_typed_is_one_version_until_something_else_happens(tree):
    text = tree.text
    for more in (" and", " and then", " and then."):
        tree = tree.typed("Once upon a hill" + more, before=tree.text)
    assert len(tree.items) == 5
    assert tree.text == "Once upon a hill and then."
    back = tree.typed(text, before=tree.text)  # undone
    assert back.current == 3
    assert back.typed("Once upon a hill!", before=text).items[-1].parent == 3
    assert tree.added("More", "written").typed("More.", before="More").items[-1].how == "typed"


def test_the_first_thing_typed_begins_the_tree():
    tree = Versions().typed("a")
    assert [item.how for item in tree.items] == ["began"]
    assert tree.typed("ab", before="a").items[-1].how == "typed"
    assert tree.typed("a", before="a") is tree


# ---- any way of writing


def any_tree(seed: int, steps: int = 60) -> tuple[Versions, list[str]]:
    """A tree as somebody made it who writes, cuts and goes back; all its texts."""
    chance = random.Random(seed)
    tree, texts = Versions(), []
    for _ in range(steps):
        if texts and chance.random() < 0.3:
            tree = tree.using(chance.randrange(len(texts)))
        before = tree.text
        at = chance.randrange(len(before) + 1)
        cut = chance.randrange(4)
        put = "".join(chance.choices("ab \n名😀\u0301", k=chance.randrange(5)))
        text = before[:at] + put + before[at + cut :]
        how = chance.choice(("typed", "written", "branched"))
        made = tree.added(text, how, before=before)
        if made is not tree:
            texts.append(text)
        tree = made
    return tree, texts


@pytest.mark.parametrize("seed", range(4))
def test_any_tree_gives_back_all_its_texts(seed, tmp_path):
    tree, texts = any_tree(seed)
    assert [tree.text_of(number) for number in range(len(tree.items))] == texts
    path = tmp_path / "a.json"
    path.write_bytes(tree.to_bytes())
    assert Versions.read(path) == tree


@pytest.mark.parametrize("seed", range(4))
def test_any_leaf_can_go(seed):
    tree, texts = any_tree(seed)
    leaves = [n for n in range(len(texts)) if not tree.children(n) and n != tree.current]
    for number in reversed(leaves):
        used, tree = tree.text, tree.without(number)
        del texts[number]
        assert tree.text == used
        assert [tree.text_of(place) for place in range(len(texts))] == texts


def test_children_and_parents_agree():
    tree, texts = any_tree(11)
    for number in range(len(texts)):
        assert all(tree.items[child].parent == number for child in tree.children(number))
        assert tree.path(number)[0] == 0
        assert tree.path(number)[-1] == number


def test_pieces_say_who_wrote_each_letter_of_any_version():
    """A letter of a model's is upper case here, so that the text itself says who wrote it."""
    chance, tree = random.Random(2), Versions().added("start", "typed")
    for _ in range(80):
        if chance.random() < 0.2:
            tree = tree.using(chance.randrange(len(tree.items)))
        before, pieces = tree.text, tree.pieces_of(tree.current)
        at = chance.randrange(len(before) + 1)
        gone, model = min(len(before), at + chance.randrange(5)), chance.random() < 0.5
        count = chance.randrange(1, 4)
        put = chance.choice("XYZ" if model else "xyz") * count
        step = Version(
            parent=tree.current,
            at=at,
            cut=gone - at,
            put=put,
            pieces=(Piece(start=at, end=at + count, passage=1),) if model else (),
        )
        text, after = step.applied(before), step.pieces_applied(pieces)
        tree = tree.added(text, "written" if model else "typed", after)
    for number in range(len(tree.items)):
        text = tree.text_of(number)
        owned = {at for p in tree.pieces_of(number) for at in range(p.start, p.end)}
        assert owned == {at for at, letter in enumerate(text) if letter.isupper()}
