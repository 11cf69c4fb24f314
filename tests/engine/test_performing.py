"""One table of tasks for models of text and of music."""

import pytest

from genstudio.core import composing, writing
from genstudio.core.errors import UsageError
from genstudio.engine import performing
from genstudio.engine.ask import Ask
from genstudio.engine.outputs import Music, Writing
from genstudio.media import tokens as texts
from tests.helpers import players, writers

LETTERS = texts.train("chars", ["so it goes\n"], 40)


def run(task: str, model, stepper, **values):
    return list(performing.tasks(lambda opened: stepper)[task](model, Ask(values)))


def test_a_name_that_both_have_is_answered_by_what_the_model_writes():
    music = players.model(players.tokens())
    made = run("sample", music, players.ChanceStepper(music.tokenizer.size), bars=1)
    assert any(isinstance(output, Music) for output in made)
    text = writers.model(LETTERS)
    written = run("sample", text, writers.TableStepper(writers.table(LETTERS.size)), length=3)
    assert any(isinstance(output, Writing) for output in written)


def test_all_tasks_that_are_declared_can_be_run():
    table = performing.tasks(lambda model: players.ChanceStepper(4))
    text = {"fim": True, "fingerprints": True}
    music = {"fim": True, "velocities": 4, "voices": 4}
    for task in (*writing.tasks(text), *composing.tasks(music)):
        assert task.name in table


def test_what_only_the_other_can_do_is_refused():
    music = players.model(players.tokens())
    with pytest.raises(UsageError, match="cannot be asked for saliency"):
        run("saliency", music, players.ChanceStepper(4))
