"""Options of text models: what of a config follows from the texts, the parent or a guess."""

import pytest

from genstudio import families
from genstudio.core import text_options
from genstudio.core.controls import Choice, Float, Int, check_values
from genstudio.core.errors import UsageError
from genstudio.core.manifest import MAX_SIDE

TEXT = [n for n in families.names() if families.family(n).data_kind == "text"]
READ = {"tokenizer": {"kind": "bpe", "size": 700, "specials": ["<|end|>"]}, "classes": ["b", "a"]}
NUMBERS = [
    (n, c) for n in TEXT for c in families.family(n).options if isinstance(c, (Int, Float, Choice))
]


def test_the_texts_decide():
    chosen = check_values(text_options.SHARED, {"fim": True}) | {"context": 64}
    found = text_options.token_config(chosen, READ)
    assert found == {
        "tokenizer": "bpe", "vocabulary": 700, "context": 64, "class_names": ["b", "a"],
        "fim": True, "surprise": 0.9,
    }  # fmt: skip
    notes = {**READ, "tokenizer": {"kind": "notes", "size": 540}}
    assert text_options.token_config(chosen | {"surprise": 0.7}, notes)["surprise"] == 0.7
    plain = text_options.token_config({**chosen, "conditional": False}, READ)
    assert plain["class_names"] == []


@pytest.mark.parametrize(
    ("options", "kind", "size"),
    [
        ({}, "bpe", 4096),
        ({"vocabulary": 900}, "bpe", 900),
        ({"tokenizer": "chars", "vocabulary": 900}, "chars", 128),
        ({"tokenizer": "bytes"}, "bytes", 260),
    ],
)
def test_before_the_texts_were_read_it_is_guessed(options, kind, size):
    chosen = check_values(text_options.SHARED, options) | {"context": 64}
    found = text_options.token_config(chosen, {})
    assert (found["tokenizer"], found["vocabulary"]) == (kind, size)


@pytest.mark.parametrize("name", TEXT)
def test_a_model_that_goes_on_keeps_its_shape(name):
    family = families.family(name)
    parent = family.config({"width": 128, "layers": 3}, READ)
    found = family.config({"width": 512, "layers": 1}, {**READ, "parent": parent})
    assert found == parent


def test_learned_places_are_as_many_as_the_parent_has():
    family = families.family("transformer")
    parent = family.config({"positions": "learned", "context": 64}, READ)
    facts = {**READ, "parent": parent}
    assert family.config({"context": 512}, facts)["context"] == 64
    parent = family.config({"context": 64}, READ)
    assert family.config({"context": 512}, {**facts, "parent": parent})["context"] == 512


@pytest.mark.parametrize(("name", "control"), NUMBERS, ids=lambda x: getattr(x, "name", x))
def test_both_ends_of_an_option_are_taken_and_beyond_is_refused(name, control):
    family = families.family(name)
    ends = isinstance(control, (Int, Float))
    facts = {"classes": READ["classes"]}  # before the texts were read
    for value in (control.low, control.high) if ends else control.values():
        found = family.config({control.name: value}, facts)
        assert 0 < found["width"] <= MAX_SIDE
        if "heads" in found:
            assert found["width"] % (8 * found["heads"]) == 0
    for value in (control.low - 1, control.high + 1) if ends else ("nothing like it",):
        with pytest.raises(UsageError, match=control.name):
            family.config({control.name: value}, READ)


CHOSEN = {"width": 512, "layers": 1, "context": 64}


@pytest.mark.parametrize("parent", [None, 7, "stories", [1]])
def test_without_a_parent_the_shape_is_as_chosen(parent):
    found = text_options.shape(CHOSEN, {"parent": parent}, ("width", "layers"))
    assert found == {"width": 512, "layers": 1}
    assert text_options.shape(CHOSEN, {}, ("context",)) == {"context": 64}


def test_only_the_keys_of_the_shape_come_from_the_parent():
    parent = {"width": 128, "layers": 3, "context": 32, "tokenizer": "bpe"}
    assert text_options.shape(CHOSEN, {"parent": parent}, ("width",)) == {"width": 128}


def test_shared_options_are_explained_and_told_apart():
    names = [control.name for control in text_options.SHARED]
    assert len(set(names)) == len(names)
    assert all(control.help.endswith(".") for control in text_options.SHARED)


@pytest.mark.parametrize("default", [64, 256, 1024])
def test_a_context_has_its_default_and_its_ends(default):
    control = text_options.context_option(default, "So far it sees.")
    assert control.default == default
    assert control.check(16) == 16
    for beyond in (15, 4097, 64.5):
        with pytest.raises(UsageError, match="Context"):
            control.check(beyond)


@pytest.mark.parametrize(
    ("prompts", "found"),
    [
        ("Once\n\n  \nTwice  ", ["Once", "Twice"]),
        ("Task: add\\ndef \nfor", ["Task: add\ndef", "for"]),
        ("", []),
        (None, []),
        (7, []),
    ],
)
def test_beginnings_stand_one_a_line(prompts, found):
    assert text_options.beginnings(prompts) == found
