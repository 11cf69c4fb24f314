"""What a model of music can be asked, by what it learnt."""

import pytest

from genstudio.core import composing
from genstudio.core.controls import check_values, defaults
from genstudio.core.errors import UsageError

FILLS = {"tokenizer": "notes", "fim": True, "voices": 4, "instruments": [40, 40, 41, 42]}
DRUMS = {"tokenizer": "notes", "voices": 1, "velocities": 8, "timing": 2, "instruments": [-1]}


def names(config) -> list[str]:
    return [task.name for task in composing.tasks(config)]


def test_a_plain_model_composes_and_goes_on():
    assert names({"tokenizer": "notes"}) == ["sample", "continue", "score"]


def test_gaps_and_playing_need_a_model_that_learnt_them():
    assert names(FILLS) == [
        "sample", "continue", "fill", "vary", "bridge", "harmonise", "score",
    ]  # fmt: skip
    assert names(DRUMS) == ["sample", "continue", "groove", "score"]
    assert "harmonise" not in names({**FILLS, "voices": 1})


@pytest.mark.parametrize("config", [FILLS, DRUMS, {}])
def test_all_defaults_are_allowed_and_make_music(config):
    for task in composing.tasks(config):
        assert check_values(task.controls, {}) == defaults(task.controls)
        assert task.output == ("report" if task.name == "score" else "music")
        assert task.live == (task.name == "score")


def test_composing_offers_what_the_model_knows():
    config = {
        **FILLS,
        "class_names": ["minuet", "fugue"],
        "metres": ["3/4"],
        "tempo": 90,
        "bars": 6,
    }
    (task,) = [task for task in composing.tasks(config) if task.name == "sample"]
    assert task.control("class").values() == ("any", "minuet", "fugue")
    assert task.control("metre").values() == ("any", "3/4")
    assert task.control("tempo").default == 90
    assert task.control("bars").default == 6
    assert task.control("instruments").default == "Violin, Violin, Viola, Cello"
    assert task.control("key").values()[:2] == ("any", "D♭ major")
    assert len(task.control("key").options) == 25


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ({"instruments": [-1]}, False),
        ({"instruments": [-1, -1]}, False),
        ({"instruments": [-1, 33]}, True),
        ({"instruments": []}, True),
        ({}, True),
        ({"instruments": [-1], "pitches": True}, True),
        ({"instruments": [33], "pitches": False}, False),
    ],
)
def test_drums_have_no_key(said, asked):
    (task,) = [t for t in composing.tasks({"tokenizer": "notes", **said}) if t.name == "sample"]
    assert ("key" in {control.name for control in task.controls}) is asked
    assert {"tempo", "metre", "instruments"} <= {control.name for control in task.controls}


@pytest.mark.parametrize(
    ("said", "usual"), [(None, 0.9), (0.7, 0.7), (1, 1.0), (9, 2.0), ("wild", 0.9)]
)
def test_a_model_says_how_daring_it_is_unless_asked(said, usual):
    config = {**FILLS, "surprise": said}
    asked = [t.control("temperature") for t in composing.tasks(config) if t.name != "score"]
    assert len(asked) > 5
    assert {control.default for control in asked} == {usual}


@pytest.mark.parametrize(("window", "usual"), [(0, 1), (3, 3), (8, 8), (40, 8)])
def test_a_short_piece_is_offered_where_the_model_sees_a_long_one(window, usual):
    (task, *_) = composing.tasks({"bars": window})
    assert task.control("bars").default == usual


def test_a_config_of_strange_values_still_gives_tasks():
    for task in composing.tasks({"tempo": 9999, "bars": -3, "voices": True, "instruments": "x"}):
        check_values(task.controls, {})


def test_pieces_are_given_as_files():
    for task in composing.tasks(FILLS):
        inputs = [control.name for control in task.inputs()]
        wanted = {"sample": [], "bridge": ["piece", "to"]}.get(task.name, ["piece"])
        assert inputs == wanted
        assert all(control.suffixes == composing.SUFFIXES for control in task.inputs())


@pytest.mark.parametrize(
    ("fifths", "minor", "word"),
    [(0, False, "C major"), (0, True, "A minor"), (-3, False, "E♭ major"), (6, True, "D♯ minor")],
)
def test_keys_have_names(fifths, minor, word):
    assert composing.key_word(fifths, minor) == word
    assert composing.key_of(word) == (fifths, minor)


def test_no_key_is_any_and_others_are_refused():
    assert composing.key_of("any") is None
    with pytest.raises(UsageError, match="no key"):
        composing.key_of("H major")


def test_metres_are_read():
    assert composing.metre_of("6/8") == (6, 8)
    assert composing.metre_of("any") is None


def test_tracks_are_counted_from_1_or_named():
    voices = ["Violin", "Viola", ""]
    assert composing.tracks_of("", voices) == (0, 1, 2)
    assert composing.tracks_of("3, 1", voices) == (0, 2)
    assert composing.tracks_of("viola,  VIOLIN,2", voices) == (0, 1)


@pytest.mark.parametrize("text", ["0", "4", "Cello", "-1", "1.5"])
def test_tracks_that_are_not_there_are_refused_by_what_is(text):
    with pytest.raises(UsageError) as caught:
        composing.tracks_of(text, ["Violin", "Viola"])
    assert "2 Viola" in caught.value.problem.next_step


def test_a_name_that_two_tracks_have_is_no_answer():
    with pytest.raises(UsageError):
        composing.tracks_of("Violin", ["Violin", "Violin"])


@pytest.mark.parametrize("text", ["²", "9" * 5000, "٣", "-1", "0", "1.0"])
def test_odd_numbers_are_no_tracks_unless_one_is_called_so(text):
    with pytest.raises(UsageError, match="no one track"):
        composing.tracks_of(text, ["Violin", "Viola"])
    assert composing.tracks_of(text, ["Violin", text]) == (1,)


def test_locked_notes_are_read():
    assert composing.locked_of("") == frozenset()
    assert composing.locked_of("[[480, 60, 0], [0, 62, 1]]") == {(480, 60, 0), (0, 62, 1)}


@pytest.mark.parametrize("text", ["[", "5", "[[1, 2]]", '[["a", 2, 3]]', "[[1, 2, true]]", "[5]",
                                  "[[1.5, 2, 3]]", "[[[1], 2, 3]]"])  # fmt: skip
def test_other_locks_are_refused(text):
    with pytest.raises(UsageError, match="Locked notes"):
        composing.locked_of(text)


@pytest.mark.parametrize(("said", "count"), [(4, 4), (None, 0), ("4", 0), (True, 0)])
def test_voices_are_counted_where_a_model_says_so(said, count):
    assert composing.voices({"voices": said}) == count
    assert composing.voices({}) == 0
