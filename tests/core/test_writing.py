"""What models of text can be asked, by their config."""

import pytest

from genstudio.core import writing
from genstudio.core.controls import Choice, Float, Int, Text, check_values, defaults
from genstudio.core.errors import UsageError


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


# ---- the settings of chance


NUMBERS = ("temperature", "top_p", "min_p", "typical", "repetition", "presence", "frequency",
           "length_penalty")  # fmt: skip


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_may_be_at_both_ends_and_not_beyond(name):
    control = task("sample").control(name)
    assert isinstance(control, Float)
    assert control.check(control.low) == control.low
    assert control.check(control.high) == control.high
    for beyond in (control.low - 0.01, control.high + 0.01, float("nan"), float("inf")):
        with pytest.raises(UsageError, match=rf"{control.label} \({name}\) must be from"):
            control.check(beyond)


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_lie_on_their_steps(name):
    control = task("sample").control(name)
    assert isinstance(control, Float)
    if control.low != 0.01:
        steps = (control.default - control.low) / control.step
        assert steps == pytest.approx(round(steps))


@pytest.mark.parametrize(
    ("name", "off"),
    [("top_k", 0), ("top_p", 1.0), ("min_p", 0.0), ("typical", 1.0), ("repetition", 1.0),
     ("presence", 0.0), ("frequency", 0.0), ("beams", 1)],
)  # fmt: skip
def test_every_restriction_can_be_switched_off(name, off):
    assert task("sample").control(name).check(off) == off


def test_filling_and_continuing_have_the_same_settings():
    texts = {"prompt", "before", "after"}
    found = [
        [control for control in task(name, fim=True).controls if control.name not in texts]
        for name in ("sample", "fill")
    ]
    assert found[0] == found[1]


def test_names_of_settings_are_unique_and_explained():
    config = {"fim": True, "class_names": ["tales"], "fingerprints": True, "tokenizer": "bpe"}
    for one in writing.tasks(config):
        names_here = [control.name for control in one.controls]
        assert len(set(names_here)) == len(names_here)
        assert all(control.help.endswith(".") for control in one.controls if control.help)
        assert one.help.endswith(".")


def test_only_what_looks_is_live_and_reports():
    config = {"fim": True, "fingerprints": True}
    for one in writing.tasks(config):
        looks = one.name in ("score", "saliency", "copies")
        assert (one.live, one.output == "report") == (looks, looks)
        assert one.output == ("report" if looks else "text")


@pytest.mark.parametrize("fim", [1, "true", None, "yes", [True]])
def test_only_true_means_that_gaps_were_learnt(fim):
    assert "fill" not in names(fim=fim)


@pytest.mark.parametrize("value", [0, writing.MOST_DRAFTS + 1, "many", True, 1.5])
def test_a_number_of_drafts_that_cannot_be_is_refused(value):
    with pytest.raises(UsageError, match="Drafts"):
        task("sample").control("count").check(value)


def test_a_text_beyond_all_measure_is_refused_without_repeating_it():
    with pytest.raises(UsageError, match="at most 1000000") as refused:
        task("fill", fim=True).control("before").check("ab" * writing.MAX_TEXT)
    assert len(str(refused.value)) < 200


def test_a_setting_that_is_not_there_names_those_that_are():
    with pytest.raises(UsageError, match="no setting 'heat' here; known are: prompt") as refused:
        check_values(task("sample").controls, {"heat": 1})
    assert "temperature" in str(refused.value)


def test_a_kind_that_was_not_learnt_is_refused():
    kinds = task("sample", class_names=["tales", "Märchen"]).control("class")
    assert kinds.check("märchen") == "Märchen"
    with pytest.raises(UsageError, match=r"one of .*tales, Märchen"):
        kinds.check("news")


@pytest.mark.parametrize(
    ("values", "both"),
    [
        ({}, ("", "")),
        ({"prompt": "a", "before": "b", "after": "c"}, ("a", "c")),
        ({"before": None, "after": ["x"]}, ("", "")),
        ({"after": "only"}, ("", "only")),
        ({"prompt": "", "before": "b"}, ("", "")),
    ],
)
def test_around_odd_requests(values, both):
    assert writing.around(values) == both
