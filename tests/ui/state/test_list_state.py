"""Lists of prompts and folders of pictures as the window asks for them."""

from __future__ import annotations

import pytest

from genstudio.core.controls import Int, Text
from genstudio.core.family import Task
from genstudio.core.style import Style
from genstudio.studio import series as shelf
from genstudio.ui.state.generation_state import GenerationState
from genstudio.ui.state.list_state import MOST_HERE, PICTURES, PROMPTS
from genstudio.ui.state.sweep_state import LIST
from tests.helpers.fake_studio import FakeModel, png

TELL = Task(
    name="tell",
    title="From words",
    verb="Generate",
    controls=(
        Text(name="prompt", label="Prompt", role="prompt"),
        Int(name="count", label="Pictures", default=2, low=1, high=8),
    ),
)

NEGATIVE = Text(name="negative", label="Leave out", role="negative")
AVOID = TELL.model_copy(update={"controls": (*TELL.controls, NEGATIVE)})


@pytest.fixture
def generation(studio, qapp):
    studio.library.models.insert(0, FakeModel("teller", "Teller", (TELL,)))
    studio.library.models.append(FakeModel("avoider", "Avoider", (AVOID,)))
    made = GenerationState(studio)
    yield made
    made.close()


@pytest.fixture
def listed(generation):
    """The list of a model that knows words."""
    generation.many.set_mode(LIST)
    return generation.many.list


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "pets"
    place.mkdir()
    for name in ("dog10.png", "dog2.png"):
        (place / name).write_bytes(png(8))
    return place


def read(listed, qtbot, path) -> None:
    listed.set_source(path)
    qtbot.waitUntil(lambda: listed.source is not None and not listed.source.reading)


def test_typed_prompts_are_counted(listed, generation):
    many = generation.many
    assert (listed.kinds, listed.kind) == ((PROMPTS,), PROMPTS)
    assert many.summary() == "Type prompts, one a line."
    assert not many.ready()
    listed.set_text("a cat\n# no\n\na dog")
    assert many.summary() == "2 prompts, 2 results each"
    assert many.button("Generate") == "Generate 4"
    asked = generation.submit()
    assert len(asked.places) == 4
    series = shelf.read(generation._studio.home, asked.series.id)
    assert [series.request(n).values["prompt"] for n in (0, 1)] == ["a cat", "a dog"]
    assert [place.number for place in asked.places] == [0, 1, 2, 3]


def test_a_file_of_prompts_is_read_by_another_process(listed, generation, qtbot, tmp_path):
    path = tmp_path / "list.txt"
    path.write_text("one\ntwo\nthree\n", encoding="utf-8")
    listed.set_text("four")
    read(listed, qtbot, path)
    assert [line["prompt"] for line in listed.lines()] == ["one", "two", "three", "four"]
    assert generation.submit().series.title == "Teller: list.txt"
    listed.set_source(None)
    assert listed.count() == 1


def test_what_cannot_be_read_is_told_where_it_was_given(listed, generation, qtbot, tmp_path):
    (tmp_path / "empty.txt").touch()
    read(listed, qtbot, tmp_path / "empty.txt")
    assert generation.many.summary() == "empty.txt holds no prompts"
    assert not generation.many.ready()


def test_a_line_that_does_not_fit_is_a_sentence(listed, generation, heard):
    problems = heard(generation.problem)
    listed.set_text("x" * 5000)
    assert generation.submit() is None
    assert problems[0].what.startswith("Line 1:")


def test_styles_go_round_every_line(listed, generation, studio):
    studio.styles.keep(Style(name="Ink", prompt="ink drawing of {prompt}"))
    generation.prompts.use("Ink")
    listed.set_text("a cat\na dog")
    asked = generation.submit()
    prompts = [asked.series.request(n).values["prompt"] for n in (0, 1)]
    assert prompts == ["ink drawing of a cat", "ink drawing of a dog"]
    assert [item.name for item in asked.series.items] == ["1 a cat", "2 a dog"]


def test_styles_add_to_the_negative_prompt_of_every_line(
    generation, studio, qtbot, tmp_path, heard
):
    problems = heard(generation.problem)
    studio.styles.keep(Style(name="Ink", prompt="ink {prompt}", negative="beard"))
    generation.ask.set_model("avoider")
    generation.prompts.use("Ink")
    generation.ask.set_values({"negative": "shoes"})
    generation.many.set_mode(LIST)
    path = tmp_path / "list.csv"
    path.write_text("prompt,negative\na cat,hat\na dog,\n", encoding="utf-8")
    read(generation.many.list, qtbot, path)
    asked = generation.submit()
    assert problems == []
    values = [asked.series.request(n).values for n in (0, 1)]
    assert [v["prompt"] for v in values] == ["ink a cat", "ink a dog"]
    assert [v["negative"] for v in values] == ["hat, beard", "shoes, beard"]


def test_too_many_for_the_window(listed, generation):
    listed.set_text("x\n" * (MOST_HERE + 1))
    assert "too many for the window" in generation.many.summary()
    assert not generation.many.ready()


def test_a_folder_fills_the_picture(generation, qtbot, folder, heard):
    generation.ask.set_model("redoer")
    generation.ask.set_task("redo")
    many = generation.many
    many.set_mode(LIST)
    problems = heard(generation.problem)
    assert many.list.kind == PICTURES
    assert many.summary() == "Give a folder of pictures."
    assert not many.ready()
    assert generation.submit() is None
    assert problems[0].what == "Choose a folder of pictures first"
    read(many.list, qtbot, folder)
    assert many.missing() == []  # the form's own picture need not be given
    assert many.ready()
    assert many.summary() == "2 pictures"
    asked = generation.submit()
    assert [item.name for item in asked.series.items] == ["dog2", "dog10"]
    assert asked.series.request(1).inputs == {"image": str(folder / "dog10.png")}
    assert generation.ask.inputs == {}


def test_an_empty_folder_is_told(generation, qtbot, tmp_path):
    generation.ask.set_model("redoer")
    generation.ask.set_task("redo")
    generation.many.set_mode(LIST)
    read(generation.many.list, qtbot, tmp_path)
    assert generation.many.summary().startswith("There are no pictures in")


def test_all_of_it_is_kept_over_a_restart(listed, generation, studio, qtbot, tmp_path):
    path = tmp_path / "list.txt"
    path.write_text("one\n", encoding="utf-8")
    listed.set_text("two")
    read(listed, qtbot, path)
    kept = generation.snapshot()
    later = GenerationState(studio)
    later.restore(kept)
    assert later.many.mode == LIST
    qtbot.waitUntil(lambda: later.many.count() == 2)
    path.unlink()
    gone = GenerationState(studio)
    gone.restore(kept)
    assert gone.many.list.sources == {}
    later.close()
    gone.close()
