"""Controls: one declaration checks values from forms and words from flags alike."""

import math

import pytest
from pydantic import ValidationError

from genstudio.core import controls as c
from genstudio.core.errors import UsageError

COUNT = c.Int(name="count", label="Count", default=4, low=1, high=16)
PSI = c.Float(name="psi", label="Truncation", default=0.7, low=0, high=1)
LOOP = c.Switch(name="loop", label="Loop")
KIND = c.Choice(
    name="kind",
    label="Kind",
    default="bag",
    options=(c.Option(value="bag", label="Bag"), c.Option(value="ankle-boot", label="Ankle boot")),
)
WORDS = c.Text(name="words", label="Words", max_length=5)
SEED = c.Seed(name="seed", label="Seed")
PICTURE = c.ImageInput(name="image", label="Picture")
ALL = (COUNT, PSI, LOOP, KIND, WORDS, SEED, PICTURE)


@pytest.mark.parametrize(
    ("control", "value", "kept"),
    [
        (COUNT, 1, 1),
        (COUNT, 16.0, 16),
        (PSI, 1, 1.0),
        (LOOP, True, True),
        (KIND, "Ankle Boot", "ankle-boot"),
        (WORDS, "hello", "hello"),
        (SEED, 2**32 - 1, 2**32 - 1),
        (SEED, -1, None),
        (SEED, None, None),
    ],
)
def test_good_values_are_kept(control, value, kept):
    assert control.check(value) == kept


@pytest.mark.parametrize(
    ("control", "value"),
    [
        (COUNT, 0),
        (COUNT, 17),
        (COUNT, 1.5),
        (COUNT, True),
        (COUNT, "4"),
        (PSI, math.nan),
        (PSI, math.inf),
        (PSI, 1.01),
        (PSI, None),
        (LOOP, 1),
        (KIND, "hat"),
        (KIND, 3),
        (WORDS, "too long"),
        (WORDS, 5),
        (SEED, 2**32),
        (SEED, 1.0),
    ],
)
def test_bad_values_name_the_control(control, value):
    with pytest.raises(UsageError, match=control.label):
        control.check(value)


@pytest.mark.parametrize(
    ("control", "text", "value"),
    [
        (COUNT, "7", 7),
        (PSI, "0.25", 0.25),
        (LOOP, "Yes", True),
        (LOOP, "0", False),
        (KIND, "bag", "bag"),
        (SEED, "random", None),
        (SEED, "42", 42),
    ],
)
def test_words_of_a_command_line(control, text, value):
    assert control.parse(text) == value


@pytest.mark.parametrize(
    ("control", "text"), [(COUNT, "many"), (PSI, "x"), (LOOP, "maybe"), (SEED, "1.5"), (COUNT, "")]
)
def test_wrong_words_are_refused(control, text):
    with pytest.raises(UsageError):
        control.parse(text)


def test_check_values_fills_defaults_and_refuses_the_unknown():
    assert c.check_values(ALL, {"psi": 0.5}) == {
        "count": 4,
        "psi": 0.5,
        "loop": False,
        "kind": "bag",
        "words": "",
    }
    with pytest.raises(UsageError, match="known are: count, psi"):
        c.check_values(ALL, {"colour": 1})


def test_inputs_are_not_values():
    with pytest.raises(UsageError, match="image"):
        c.check_values(ALL, {"image": "a.png"})
    assert c.is_input(PICTURE)
    assert not c.is_input(COUNT)


def test_parse_values_reads_flags():
    assert c.parse_values(ALL, {"count": "2", "seed": "9"}) == {"count": 2, "seed": 9}
    with pytest.raises(UsageError, match="no setting 'x'"):
        c.parse_values(ALL, {"x": "1"})


def test_defaults_leave_out_seed_and_inputs():
    assert set(c.defaults(ALL)) == {"count", "psi", "loop", "kind", "words"}


@pytest.mark.parametrize(
    "make",
    [
        lambda: c.Int(name="a", label="A", default=9, low=1, high=3),
        lambda: c.Float(name="a", label="A", default=9, low=1, high=3),
        lambda: c.Float(name="a", label="A", default=2, low=1, high=3, step=0),
        lambda: c.Choice(name="a", label="A", default="x", options=("y",)),
        lambda: c.Choice(name="a", label="A", default="x", options=()),
        lambda: c.Int(name="Bad name", label="A", default=1, low=1, high=3),
    ],
)
def test_a_control_that_contradicts_itself_cannot_be_made(make):
    with pytest.raises(ValidationError):
        make()
