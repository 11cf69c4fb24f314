"""Family and Task answer by name and refuse in words; the catalog finds folders."""

import pytest

from genstudio import families
from genstudio.core.controls import ImageInput, Int, Text
from genstudio.core.errors import NotFound, UsageError
from genstudio.core.family import Family, Preset, Task

SAMPLE = Task(
    name="sample",
    title="Sample",
    verb="Generate",
    controls=(
        Int(name="count", label="Count", default=1, low=1, high=9),
        ImageInput(name="image", label="Picture"),
    ),
)
TOY = Family(
    name="toy",
    title="Toy",
    summary="",
    modality="image",
    tasks=lambda config: (SAMPLE,) if config["size"] else (),
    config=lambda options, data: {"size": 28},
    presets=(Preset(name="tiny", title="Tiny"),),
)


def test_task_by_name_or_first():
    assert TOY.task({"size": 1}) is SAMPLE
    assert TOY.task({"size": 1}, "sample") is SAMPLE
    with pytest.raises(UsageError, match="no task 'paint'"):
        TOY.task({"size": 1}, "paint")
    with pytest.raises(UsageError, match="no preset 'huge'"):
        TOY.preset("huge")
    assert TOY.preset("tiny").title == "Tiny"


def test_the_text_that_says_what_to_make():
    said = (Text(name="note", label="N"), Text(name="words", label="W", role="prompt"))
    assert SAMPLE.prompt == ""
    assert SAMPLE.model_copy(update={"controls": said}).prompt == "words"


def test_controls_of_a_task():
    assert SAMPLE.control("count").label == "Count"
    assert [c.name for c in SAMPLE.inputs()] == ["image"]
    with pytest.raises(UsageError, match="no setting"):
        SAMPLE.control("psi")


def test_catalog_finds_every_folder():
    names = families.names()
    assert {"gan", "vae", "classifier"} <= set(names)
    for name in names:
        assert families.family(name).name == name
    with pytest.raises(NotFound, match="no model family"):
        families.family("nothing")
