"""How a document leaves the studio: choices, refusals, the answer of the job."""

from __future__ import annotations

from pathlib import Path

import pytest

from genstudio.core.errors import GenStudioError, Problem
from genstudio.core.events import Cancelled, Done, Failed, Progress
from genstudio.studio.writing_out import ENDINGS
from genstudio.ui.state.text_export_state import LEVELS, TextExportState


@pytest.fixture
def export(studio):
    return TextExportState(studio)


@pytest.fixture
def document(studio):
    return studio.documents.new("Once ünï").model_copy(update={"title": "A tale"})


def test_it_begins_as_the_settings_say(export, studio):
    assert export.ext == ENDINGS[0]
    assert export.level == studio.settings.metadata
    assert export.folder.name == "GenStudio"


@pytest.mark.parametrize("ext", ENDINGS)
@pytest.mark.parametrize("level", [name for name, _words, _help in LEVELS])
def test_choices_come_back(export, studio, ext, level, tmp_path):
    export.set_ext(ext)
    export.set_level(level)
    export.set_folder(tmp_path / "名前")
    again = TextExportState(studio)
    again.restore(export.snapshot())
    assert (again.ext, again.level, again.folder) == (ext, level, tmp_path / "名前")


@pytest.mark.parametrize("saved", [{}, {"ext": ".exe", "level": "secret"}, {"ext": 7, "level": []}])
def test_choices_of_another_version_are_left_out(export, saved):
    before = export.snapshot()
    export.restore(saved)
    assert export.snapshot() == before


def test_the_job_is_told_everything(export, studio, document, tmp_path):
    export.set_folder(tmp_path)
    export.set_ext(".docx")
    assert export.run(document, (2, 7))
    asked = studio.queue.last
    assert (asked.role, asked.work, asked.title) == ("files", "export_text", "Export A tale")
    assert asked.body["span"] == [2, 7]
    assert (asked.body["ext"], asked.body["target"]) == (".docx", str(tmp_path))
    assert export.run(document)
    assert studio.queue.last.body["span"] is None


def test_a_refusal_is_told(export, studio, document, heard):
    told = heard(export.problem)
    studio.queue.refuse = GenStudioError("The queue is full", next_step="Wait.")
    assert not export.run(document)
    assert [problem.what for problem in told] == ["The queue is full"]


def test_the_answer_names_the_file_once(export, studio, document, heard):
    said = heard(export.said)
    export.run(document)
    job = studio.queue.last.job
    export.on_event(Progress(job=job, done=1))
    assert said == []
    export.on_event(Done(job=job, data={"paths": ["/out/A tale.txt"]}))
    export.on_event(Done(job=job, data={"paths": ["/out/A tale.txt"]}))
    assert said == [(f"Written to {Path('/out/A tale.txt')}", "", None)]


@pytest.mark.parametrize("data", [{}, {"paths": []}, {"paths": "odd"}])
def test_an_answer_without_a_file_names_the_folder(export, studio, document, heard, data):
    said = heard(export.said)
    export.set_folder(Path("/out"))
    export.run(document)
    export.on_event(Done(job=studio.queue.last.job, data=data))
    assert said[0][0] == f"Written to {Path('/out')}"


def test_failures_are_told_and_others_jobs_are_not_ours(export, studio, document, heard):
    said, told = heard(export.said), heard(export.problem)
    export.run(document)
    job = studio.queue.last.job
    problem = Problem(what="The disk is full")
    export.on_event(Failed(job="another", problem=problem))
    export.on_event(Done(job="another", data={"paths": ["/x"]}))
    assert (said, told) == ([], [])
    export.on_event(Failed(job=job, problem=problem))
    assert told == [problem]


def test_a_cancelled_export_says_nothing_more(export, studio, document, heard):
    said, told = heard(export.said), heard(export.problem)
    export.run(document)
    job = studio.queue.last.job
    export.on_event(Cancelled(job=job))
    export.on_event(Done(job=job))
    assert (said, told) == ([], [])
