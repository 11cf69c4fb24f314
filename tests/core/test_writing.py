"""What models of text can be asked, by their config."""

import pytest

from genstudio.core import writing
from genstudio.core.controls import Choice, Int, Text, check_values, defaults


def task(name: str, **config):
    return next(task for task in writing.tasks(config) if task.name == name)


def names(**config) -> list[str]:
    return [task.name for task in writing.tasks(config)]


def test_what_is_offered_follows_what_was_learnt():
    assert names() == ["sample", "score", "saliency"]
    assert names(fim=True) == ["sample", "fill", "score", "saliency"]
    assert names(fingerprints=True)[-1] == "copies"


def test_defaults_are_good_values():
    for one in writing.tasks({"fim": True, "class_names": ["tales"], "fingerprints": True}):
        good = check_values(one.controls, {})
        assert good == defaults(one.controls)


def test_kinds_of_text_are_offered_where_there_are_some():
    kinds = task("sample", class_names=["tales", "news"]).control("class")
    assert isinstance(kinds, Choice)
    assert kinds.values() == (writing.ANY, "tales", "news")
    assert kinds.default == writing.ANY
    assert "class" not in [control.name for control in task("sample").controls]


def test_roles_say_which_texts_the_editor_gives():
    roles = {
        control.name: control.role
        for one in writing.tasks({"fim": True})
        for control in one.controls
        if isinstance(control, Text) and control.role
    }
    assert roles == {"prompt": "prompt", "before": "before", "after": "after", "text": "passage"}
    assert task("sample").prompt == "prompt"


@pytest.mark.parametrize(("kind", "longer"), [("chars", True), ("bytes", True), ("bpe", False)])
def test_texts_of_letters_are_longer(kind, longer):
    length = task("sample", tokenizer=kind).control("length")
    assert isinstance(length, Int)
    assert (length.default > 200) == longer


def test_a_long_text_may_be_given():
    prompt = task("sample").control("prompt")
    assert prompt.check("x" * writing.MAX_TEXT)


def test_what_stands_around_the_written_words():
    assert writing.around({"prompt": "a", "length": 3}) == ("a", "")
    assert writing.around({"before": "a", "after": "b"}) == ("a", "b")
    assert writing.around({"prompt": 7}) == ("", "")
