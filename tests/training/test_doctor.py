"""History and Doctor: what is remembered, what is news, and when a warning is over."""

from dataclasses import dataclass

import numpy as np
import pytest

from genstudio.core.events import Advice, Remedy
from genstudio.core.recipe import TrainerSettings
from genstudio.training.doctor import Doctor, History, smoothed


@dataclass
class Says:
    """A detector that says what the test wants."""

    text: str | None = None
    level: str = "warning"
    name: str = "says"
    over: str = "It is over."
    remedies: tuple[Remedy, ...] = ()

    def look(self, history: History) -> Advice | None:
        if self.text is None:
            return None
        return Advice(name=self.name, level=self.level, text=self.text, remedies=self.remedies)  # type: ignore[arg-type]


def doctor(detector: Says, steps: int = 100) -> Doctor:
    return Doctor([detector], History(TrainerSettings(steps=steps)))


def at(step: int, who: Doctor) -> list[str]:
    """What is said at that step."""
    who.history.add(step, {})
    return [advice.text for advice in who.look()]


def test_the_history_keeps_numbers_by_name_with_their_steps():
    history = History(TrainerSettings(), best=("loss", "lower"))
    history.fill([{"step": 1, "loss/a": 3.0}, {"step": 2, "loss/a": 2.0, "valid/loss": 5.0}])
    assert history.step == 2
    steps, values = history.series("loss/a")
    assert (steps.tolist(), values.tolist()) == ([1, 2], [3.0, 2.0])
    assert history.names("loss/") == ["loss/a"]
    assert history.series("no")[1].size == 0
    assert history.recent("loss/a", 1).tolist() == [2.0]
    assert history.recent("loss/a", 9).tolist() == [3.0, 2.0]
    assert history.recent("no", 9).size == 0
    assert history.validation()[1].tolist() == [5.0]
    history.fill([])
    assert history.step == 0
    assert history.series("loss/a")[1].size == 0


def test_validation_is_turned_so_that_lower_is_better():
    history = History(TrainerSettings(), best=("accuracy", "higher"))
    history.add(1, {"valid/accuracy": 0.5})
    assert history.validation()[1].tolist() == [-0.5]
    assert History(TrainerSettings()).validation()[1].size == 0


def test_the_same_words_are_not_said_again_at_once():
    says = Says("Loss is 1.0 at step 10.")
    who = doctor(says)
    assert at(1, who) == ["Loss is 1.0 at step 10."]
    says.text = "Loss is 2.0 at step 11."
    assert at(5, who) == []
    assert at(11, who) == ["Loss is 2.0 at step 11."]
    assert at(50, who) == []
    says.text = "Something else."
    assert at(51, who) == ["Something else."]


def test_another_level_is_news():
    says = Says("Hm.", level="note")
    who = doctor(says)
    assert at(1, who) == ["Hm."]
    says.level = "warning"
    assert at(2, who) == ["Hm."]


def test_a_fault_that_has_gone_is_said_to_be_over_after_a_while():
    says = Says("Bad.")
    who = doctor(says)
    assert at(1, who) == ["Bad."]
    says.text = None
    assert at(5, who) == []
    assert at(11, who) == ["It is over."]
    assert at(30, who) == []
    says.text = "Bad."
    assert at(31, who) == ["Bad."]


def test_a_detector_without_such_a_sentence_keeps_its_word():
    says = Says("Only 3 pictures.", over="")
    who = doctor(says)
    assert at(0, who) == ["Only 3 pictures."]
    says.text = None
    assert at(90, who) == []


def test_what_was_said_before_a_resume_is_remembered():
    says = Says("Bad.")
    who = doctor(says)
    old = Advice(name="says", level="note", text="x")
    who.remember([old, Advice(name="says", text="Bad.", level="warning", step=3)])
    assert at(5, who) == []
    says.text = None
    assert at(14, who) == ["It is over."]


def test_advice_carries_the_step_at_which_it_was_given():
    who = doctor(Says("Bad."))
    who.history.add(7, {"a": 1.0})
    (advice,) = who.look()
    assert advice.step == 7


def test_what_the_trainer_says_counts_as_said():
    says = Says()
    who = doctor(says)
    advice = who.say(Advice(name="says", level="warning", text="Back.", step=1))
    assert advice.text == "Back."
    assert at(20, who) == ["It is over."]


@pytest.mark.parametrize(
    ("values", "means"), [([1, 2, 3, 4], [1, 1.5, 2.5, 3.5]), ([], []), ([5], [5])]
)
def test_running_means(values: list[float], means: list[float]):
    assert smoothed(np.array(values, np.float64), 2).tolist() == means
