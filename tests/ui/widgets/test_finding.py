"""Finding words in any script: borders, case, order, and going round."""

from __future__ import annotations

import pytest

from genstudio.ui.widgets.finding import Wanted, before, following, spans

SAID = "Tea, tea-time and TEA; steam."


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Wanted("tea"), 4),
        (Wanted("tea", case=True), 2),
        (Wanted("tea", whole=True), 3),
        (Wanted("Tea", case=True, whole=True), 1),
        (Wanted("coffee"), 0),
        (Wanted(""), 0),
        (Wanted("", whole=True), 0),
    ],
)
def test_how_often_words_stand_there(wanted, count):
    found = spans(wanted, SAID)
    assert len(found) == count
    assert all(SAID[a:b].lower() == wanted.words.lower() for a, b in found)


@pytest.mark.parametrize("signs", [".", "a.c", "(", "[x]", "\\n", "*", "$5", "a|b", "^", "{2}"])
def test_signs_of_patterns_mean_themselves(signs):
    text = f"abc 7 {signs} xx"
    assert spans(Wanted(signs), text)[-1] == (6, 6 + len(signs))
    assert spans(Wanted(signs), "bbb") == []


@pytest.mark.parametrize(
    ("words", "text", "places"),
    [
        ("straße", "Die STRASSE, die Straße", [(17, 23)]),
        ("ÄRGER", "ärger", [(0, 5)]),
        ("привет", "ПРИВЕТ, мир", [(0, 6)]),
        ("名", "名前の名", [(0, 1), (3, 4)]),
        ("😀", "a😀b😀", [(1, 2), (3, 4)]),
        ("a\nb", "a\nb a b", [(0, 3)]),
    ],
)
def test_other_scripts(words, text, places):
    assert spans(Wanted(words), text) == places


@pytest.mark.parametrize(
    ("words", "text", "there"),
    [
        ("-", "a-b", False),
        ("-", "a - b", True),
        ("😀", "ok 😀!", True),
        ("ei", "Reise", False),
        ("co2", "co2_x", False),
        ("über", "(über)", True),
    ],
)
def test_whole_words(words, text, there):
    assert bool(spans(Wanted(words, whole=True), text)) == there


def test_places_do_not_overlap_and_keep_to_their_part():
    assert spans(Wanted("aa"), "aaaaa") == [(0, 2), (2, 4)]
    assert spans(Wanted("a"), "aaaaa", 1, 3) == [(1, 2), (2, 3)]
    assert spans(Wanted("aa"), "aaaaa", 4) == []


def test_a_border_is_that_of_the_text_and_not_of_the_part():
    assert spans(Wanted("tea", whole=True), "steam tea", 1) == [(6, 9)]


def test_forwards_and_round():
    wanted = Wanted("ab")
    text = "ab -- ab -- ab"
    assert following(wanted, text, 0) == (0, 2)
    assert following(wanted, text, 1) == (6, 8)
    assert following(wanted, text, 6) == (6, 8)
    assert following(wanted, text, 13) == (0, 2)
    assert following(wanted, text, 99) == (0, 2)


def test_backwards_and_round():
    wanted = Wanted("ab")
    text = "ab -- ab -- ab"
    assert before(wanted, text, 14) == (12, 14)
    assert before(wanted, text, 13) == (6, 8)
    assert before(wanted, text, 2) == (0, 2)
    assert before(wanted, text, 1) == (12, 14)


@pytest.mark.parametrize("wanted", [Wanted(""), Wanted("zz")])
def test_what_is_not_there_is_not_found(wanted):
    assert following(wanted, "abc", 0) is None
    assert before(wanted, "abc", 3) is None


def test_walking_forwards_meets_every_place_once():
    wanted, place, seen = Wanted("tea"), 0, []
    for _ in spans(wanted, SAID):
        found = following(wanted, SAID, place)
        assert found is not None
        seen.append(found)
        place = found[1]
    assert seen == spans(wanted, SAID)
    assert following(wanted, SAID, place) == seen[0]
