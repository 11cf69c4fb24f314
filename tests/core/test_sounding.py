"""What models of sound can be asked."""

import pytest

from genstudio.core import sounding
from genstudio.core.controls import FileInput, check_values
from genstudio.core.errors import UsageError

KINDS = {"class_names": ["one", "two"], "seconds": 0.62, "rate": 8000}


def test_tasks_make_sounds_and_have_counts_and_seeds():
    made = sounding.tasks(KINDS)
    assert [task.name for task in made] == ["sample", "continue"]
    for task in made:
        assert task.output == "sound"
        assert {"class", "seconds", "temperature", "count", "seed"} <= {
            c.name for c in task.controls
        }


def test_the_usual_length_is_that_of_the_sounds_it_learned_from():
    task = sounding.tasks(KINDS)[0]
    assert task.control("seconds").default == 0.6
    assert sounding.tasks({"seconds": 500.0})[0].control("seconds").default == sounding.LONGEST
    assert sounding.tasks({})[0].control("seconds").default == 1.0
    assert sounding.usual_seconds({"seconds": "long"}) == 1.0


def test_without_classes_there_is_nothing_to_choose():
    assert all("class" not in {c.name for c in task.controls} for task in sounding.tasks({}))


def test_continuing_needs_a_sound_and_keeps_all_of_it():
    task = sounding.tasks(KINDS)[1]
    (given,) = task.inputs()
    assert isinstance(given, FileInput)
    assert ".wav" in given.suffixes
    assert check_values(task.controls, {})["keep"] == 1.0


@pytest.mark.parametrize("values", [{"seconds": 99.0}, {"temperature": 0.0}, {"count": 0}])
def test_what_cannot_be_is_refused(values):
    with pytest.raises(UsageError):
        check_values(sounding.tasks(KINDS)[0].controls, values)


@pytest.mark.parametrize("told", [None, "1", [], True, 0, -3.0, 0.001, 1e9, float("inf")])
def test_whatever_a_config_tells_the_length_can_be_asked_for(told):
    for task in sounding.tasks({} if told is None else {"seconds": told}):
        values = check_values(task.controls, {})
        assert 0.05 <= values["seconds"] <= sounding.LONGEST


def test_classes_of_a_strange_config_are_none():
    for told in (None, 5, {}, ""):
        names = {c.name for task in sounding.tasks({"class_names": told}) for c in task.controls}
        assert "class" not in names


def test_words_of_finished_sounds_do_not_fall_together():
    keys = (
        sounding.SECONDS, sounding.RATE, sounding.PEAK, sounding.CLASS, sounding.KEPT,
        sounding.ENDED, sounding.PEAKS,
    )  # fmt: skip
    assert len(set(keys)) == len(keys)
    assert all(suffix == suffix.lower() and suffix[0] == "." for suffix in sounding.SUFFIXES)
