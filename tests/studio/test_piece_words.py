"""Words for pieces: facts as a beginning, titles and descriptions cut from what a model wrote."""

from __future__ import annotations

import pytest

from genstudio.core import composing, writing
from genstudio.core.errors import UsageError
from genstudio.media.notes import Piece, Track, notes_of
from genstudio.studio import piece_words
from genstudio.studio.piece_words import Suggestion, beginning, distinct, facts, suggestion
from tests.helpers.fake_studio import FakeModel
from tests.helpers.pieces import chorale, groove


def piece(*programs: int, tempo: float = 100.0, key=(0, False), metre=(4, 4)) -> Piece:
    """A note for each player."""
    rows = [(0, 480, 60, 80, track) for track in range(len(programs))]
    keys = ((0, *key),) if key else ()
    tracks = tuple(Track("", program) for program in programs)
    return Piece(notes_of(rows), tracks, 480, ((0, tempo),), ((0, *metre),), keys)


def test_the_facts_of_a_quartet():
    quartet = piece(40, 40, 41, 42, key=(1, True), tempo=70)
    wanted = "slow, sad song in E minor for two violins, a viola and a cello"
    assert facts(quartet) == wanted
    assert beginning(quartet) == f"There was once a {wanted}. It told of the"


@pytest.mark.parametrize(
    ("tempo", "word"),
    [(50, "very slow"), (66, "slow"), (96, "gentle"), (126, "lively"), (200, "quick")],
)
def test_pace_by_tempo(tempo, word):
    assert facts(piece(0, tempo=tempo)).startswith(word)


@pytest.mark.parametrize(
    ("metre", "kind"),
    [((4, 4), "song"), ((3, 4), "dance"), ((6, 8), "dance"), ((2, 2), "march"), ((5, 4), "song")],
)
def test_kind_by_metre(metre, kind):
    assert f" {kind} " in facts(piece(0, metre=metre))


@pytest.mark.parametrize(
    ("key", "words"),
    [((-3, False), "merry song in E flat major"), ((4, True), "sad song in C sharp minor")],
)
def test_keys_are_spoken(key, words):
    assert words in facts(piece(0, key=key))


def test_without_a_key_nothing_is_said_of_it():
    assert facts(piece(0, key=None)) == "gentle song for a piano"


def test_players_are_counted_and_the_silent_left_out():
    assert facts(groove()).endswith("for drums")
    assert facts(piece(19, 56)).endswith("for a church organ and a trumpet")
    silent = piece(40, 42)
    heard = silent.replaced(notes=silent.notes[silent.notes["track"] == 1])
    assert facts(heard).endswith("for a cello")
    many = facts(piece(0, 40, 41, 42, 56, 73))
    assert many.endswith("for a piano, a violin, a viola, a cello and others")


@pytest.mark.parametrize(
    ("written", "title"),
    [
        (" sparkling air and the wind. Then he", "The sparkling air and the wind"),
        ("hotel, that the second was", "The hotel"),
        ("boys that they had not yet", "The boys"),
        ("old king", "The old king"),
        ("house of the", "The house"),
        ("people of the house and the king of the wood", "The people of the house"),
        ("one two three four five six seven", "The one two three four five six"),
        ('sea" he said', "The sea"),
    ],
)
def test_titles_end_where_a_phrase_does(written, title):
    found = suggestion(chorale(), written)
    assert found is not None
    assert found.title == title
    assert found.facts.startswith("A gentle, merry song in C major for")


@pytest.mark.parametrize("written", ["", "  ", ".", "that he had", "and the", "123", '"No," he'])
def test_what_could_be_no_title_is_none(written):
    assert suggestion(chorale(), written) is None


def test_the_tale_is_the_whole_sentence():
    found = suggestion(chorale(), " king's daughter, who went away into the wood. And so")
    assert found is not None
    assert found.tale == "It tells of the king's daughter, who went away into the wood."
    assert found.description == f"{found.facts} {found.tale}"
    long = suggestion(chorale(), "king " * 500)
    assert long is not None
    assert len(long.tale) < 350


def test_each_title_is_offered_once_in_order():
    one, same = Suggestion("The king", "A.", "B."), Suggestion("the King", "A.", "C.")
    other = Suggestion("The sea", "A.", "D.")
    found = {0: one, 1: None, 2: same, 3: other, 4: one}
    assert distinct(found) == [(0, one), (3, other)]
    assert distinct({0: None}) == []


# ---- asking a model


def model(config=None, modality: str = "text") -> FakeModel:
    tasks = (writing if modality == "text" else composing).tasks(config or {})
    return FakeModel("m", "M", tasks, modality=modality, config=dict(config or {}))


def test_a_request_is_a_normal_one_of_the_task_that_goes_on():
    asked = piece_words.request(model(), chorale(), seed=7)
    assert (asked.model, asked.task, asked.seed, asked.count) == ("m", "sample", 7, 3)
    assert asked.values["prompt"] == beginning(chorale())
    assert asked.values["length"] == 40
    assert asked.values["stop"].split("\n")[0] == "."
    assert piece_words.request(model(), chorale(), count=5).count == 5


def test_models_that_do_not_write_are_refused():
    assert piece_words.writing_task(model(modality="music")) is None
    with pytest.raises(UsageError, match="does not write"):
        piece_words.request(model(modality="music"), chorale())
