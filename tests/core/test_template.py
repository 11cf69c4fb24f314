"""Templates: fields filled in, empty lines left out, faults said in words."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from genstudio.core.controls import Choice, Text
from genstudio.core.errors import UsageError
from genstudio.core.template import Template, TemplateField, places_in, plain_fields


@pytest.fixture
def product():
    return Template(
        name=" Product\n text ",
        text="Product: {name}\nMade of {material} for {use}\nTone: {tone}\nDescription:",
        fields=(
            TemplateField(name="name", label="Name", example="Yoga Mat"),
            TemplateField(name="material", label="Material"),
            TemplateField(name="use", label="Use"),
            TemplateField(name="tone", label="Tone", default="plain", options=("plain", "playful")),
            TemplateField(name="length", label="Length", default="120", sets="length"),
        ),
    )


def test_fields_are_filled(product):
    text = product.filled({"name": "Mat", "material": "cork", "use": "yoga", "tone": "playful"})
    assert text == "Product: Mat\nMade of cork for yoga\nTone: playful\nDescription:"


def test_a_line_without_any_value_is_left_out(product):
    assert product.filled({"name": "Mat"}) == "Product: Mat\nTone: plain\nDescription:"
    assert "Made of  for yoga" in product.filled({"name": "Mat", "use": "yoga"})


def test_values_stay_on_their_line(product):
    text = product.filled({"name": "Mat\nTone: rude", "tone": "playful"})
    assert text.split("\n")[0] == "Product: Mat Tone: rude"


def test_braces_in_a_value_are_no_field(product):
    assert product.filled({"name": "{tone}"}).startswith("Product: {tone}\n")


def test_settings_come_from_fields(product):
    assert product.settings({}) == {"length": "120"}
    assert product.settings({"length": "40"}) == {"length": "40"}


def test_unknown_fields_are_named(product):
    with pytest.raises(UsageError, match=r"no field 'colour'.*name, material, use, tone, length"):
        product.filled({"colour": "red"})


def test_a_table_may_say_what_the_form_does_not_offer(product):
    assert "Tone: stern" in product.filled({"tone": "stern"})


def test_the_form_has_a_control_for_each(product):
    controls = product.controls()
    assert [type(control) for control in controls] == [Text, Text, Text, Choice, Text]
    assert controls[0].placeholder == "Yoga Mat"
    assert controls[3].values() == ("plain", "playful")


def test_its_name_is_one_line_and_a_word(product):
    assert (product.name, product.id) == ("Product text", "product-text")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"text": "Nothing"}, "stands nowhere"),
        ({"text": "{name} {other}"}, "no such field"),
        ({"name": ""}, "name"),
        ({"text": ""}, "text"),
    ],
)
def test_what_does_not_fit_is_refused(change, why):
    whole = {"name": "T", "text": "{name}", "fields": [{"name": "name", "label": "Name"}]}
    with pytest.raises(ValidationError, match=why):
        Template.model_validate({**whole, **change})


def test_two_fields_of_one_name_are_refused():
    field = {"name": "a", "label": "A"}
    with pytest.raises(ValidationError, match="same name"):
        Template.model_validate({"name": "T", "text": "{a}", "fields": [field, field]})


def test_a_default_is_among_the_options():
    with pytest.raises(ValidationError, match="not among its options"):
        TemplateField(name="a", label="A", options=("x", "y"))


def test_fields_of_a_text_are_found():
    assert places_in("{a} {B} {b_1}{a} {") == ["a", "b_1"]
    assert [field.label for field in plain_fields("{first_name} {age}")] == ["First name", "Age"]
    assert Template(name="T", text="{a}", fields=plain_fields("{a}")).filled({"a": "x"}) == "x"


@pytest.mark.parametrize("value", ["", " ", "\n\t", "\u2003"])
def test_blank_values_count_as_none(product, value):
    values = product.checked({"name": value, "tone": value})
    assert (values["name"], values["tone"]) == ("", "plain")
    assert "Product" not in product.filled({"name": value})


def test_values_of_any_script_are_kept(product):
    text = product.filled({"name": "Matte „Zen“ 名前 😀", "material": "\\1 \\g<0> {use}"})
    assert "Product: Matte „Zen“ 名前 😀" in text
    assert "Made of \\1 \\g<0> {use} for" in text


def test_a_text_without_fields_stays_as_it_is():
    plain = Template(name="Letter", text="Dear {Name},\n\n{ } {1} {{}}")
    assert plain.filled({}) == plain.text
    with pytest.raises(UsageError, match="known are: none"):
        plain.filled({"name": "x"})


def test_empty_lines_of_a_text_stay():
    made = Template(name="T", text="a\n\n{b}\n", fields=plain_fields("{b}"))
    assert made.filled({}) == "a\n\n"
    assert made.filled({"b": "c"}) == "a\n\nc\n"


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("", []),
        ("{who} and {what_for} and {who}", ["Who", "What for"]),
        ("{Who} {1a} {a b} {} {x", []),
        ("{" + "a" * 41 + "}", []),
    ],
)
def test_fields_of_a_users_own_text(text, labels):
    assert [field.label for field in plain_fields(text)] == labels


@pytest.mark.parametrize(
    ("name", "word"),
    [("Ünï cödé", "n-c-d"), ("名前", "template"), ("A  B", "a-b"), ("x" * 60, "x" * 60)],
)
def test_any_name_is_a_word_for_command_lines(name, word):
    assert Template(name=name, text="a").id == word


def test_a_setting_without_a_value_is_not_set():
    field = TemplateField(name="length", label="Length", sets="length")
    made = Template(name="T", text="a", fields=(field,))
    assert made.settings({}) == {}
    assert made.settings({"length": " 12 "}) == {"length": "12"}
