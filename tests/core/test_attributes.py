"""Attributes written as lines, and what captions say of them."""

from __future__ import annotations

import pytest

from genstudio.core import attributes
from genstudio.core.attributes import Labels, parse
from genstudio.core.errors import BadInput, UsageError

TEXT = """
# what an avatar has
hair: blue, dark brown, brown; {} hair | {} * hair
skin: light, brown, medium brown; {} skin
glasses: round glasses | round spectacles, square glasses
"""


def said(*captions: str, text: str = TEXT) -> dict[str, str]:
    slots = parse(text)
    labels = Labels(slots).of(captions)
    return {slot.name: slot.word(label) for slot, label in zip(slots, labels, strict=True)}


def test_lines_become_slots():
    hair, skin, glasses = parse(TEXT)
    assert (hair.name, hair.values) == ("hair", ("blue", "dark brown", "brown"))
    assert hair.phrases[1] == ("dark brown hair", "dark brown * hair")
    assert skin.phrases[0] == ("light skin",)
    assert glasses.values == ("round glasses", "square glasses")
    assert glasses.phrases[0] == ("round glasses", "round spectacles")
    assert attributes.size((hair, skin, glasses)) == 4 + 4 + 3


@pytest.mark.parametrize(
    ("caption", "wanted"),
    [
        ("cartoon avatar, light skin, Blue mr-clean hair", ("blue", "light", "none")),
        ("medium brown skin, dark brown hair", ("dark brown", "medium brown", "none")),
        ("a person with round spectacles", ("none", "none", "round glasses")),
        ("brown skin, white turban hair", ("none", "brown", "none")),
        ("brown skin. hair", ("none", "brown", "none")),
        ("bluebell hair, blueish", ("none", "none", "none")),
        ("blue a b c hair", ("blue", "none", "none")),
        ("blue a b c d hair", ("none", "none", "none")),
        ("", ("none", "none", "none")),
    ],
)
def test_labels_follow_whole_words(caption, wanted):
    assert tuple(said(caption).values()) == wanted


def test_alternatives_fill_what_the_caption_leaves_open():
    found = said("blue hair", "dark brown hair, light skin")
    assert found == {"hair": "blue", "skin": "light", "glasses": "none"}
    labels = Labels(parse(TEXT))
    assert labels.of(("blue hair",)) is labels.of(("blue hair",))
    assert labels.of(()) == (0, 0, 0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hair", "no attribute"),
        (": blue", "no attribute"),
        ("hair: , |", "no attribute"),
        ("hair: blue; the hair", "must hold"),
        ("hair: blue, Blue", "two values"),
        ("hair: blue\nhair: red", "called 'hair'"),
        ("\n".join(f"s{i}: a" for i in range(65)), "64 attributes"),
    ],
)
def test_what_cannot_be_read_is_named(text, words):
    with pytest.raises(UsageError, match=words):
        parse(text)


def test_slots_survive_a_manifest():
    slots = parse(TEXT)
    assert attributes.of_config({"slots": attributes.to_json(slots)}) == slots
    assert attributes.of_config({}) == ()
    with pytest.raises(BadInput, match="attributes"):
        attributes.of_config({"slots": [{"name": "x"}]})


def test_without_lines_frequent_words_are_attributes():
    slots = attributes.of_words(["of", "with", "blue", "hair", "red"], most=2)
    assert [slot.name for slot in slots] == ["blue", "hair"]
    assert Labels(slots).of(("Blue thing",)) == (1, 0)
