"""What looks inside a text, without widgets: questions, answers, tables, versions."""

from __future__ import annotations

import pytest

from genstudio.core import writing
from genstudio.core.document import Passage, Token
from genstudio.core.errors import BadInput, Problem
from genstudio.core.events import Cancelled, Done, Failed, Result
from genstudio.core.paths import Home
from genstudio.core.template import Template, plain_fields
from genstudio.core.versions import Versions
from genstudio.studio.documents import Documents
from genstudio.studio.tables import Table
from genstudio.studio.versions import VersionShelf
from genstudio.ui.state.inside_state import (
    MOST_LETTERS,
    InsideState,
    copied_of,
    scored_of,
    weighed_of,
)
from genstudio.ui.state.table_state import Source, TableState
from genstudio.ui.state.version_state import VersionState
from genstudio.ui.state.writing_state import WritingState
from tests.helpers.fake_studio import FakeModel, FakeStudio

CONFIG = {"tokenizer": "bpe", "context": 256}


@pytest.fixture
def studio(tmp_path, qapp):
    made = FakeStudio(Home(tmp_path / "home"))
    model = FakeModel("writer", "Writer", writing.tasks(CONFIG), modality="text", config=CONFIG)
    made.library.models.append(model)
    yield made
    made.documents.close()
    made.versions.close()


@pytest.fixture
def writer(studio):
    made = WritingState(studio)
    yield made
    made.close()


# ---- questions and answers


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"tokens": "x", "weights": 3, "passages": None, "token": []},
        {
            "tokens": [1, {"t": "", "start": "x"}],
            "weights": [{}],
            "passages": [{}],
            "token": {"p": "?"},
        },
    ],
)
def test_answers_that_make_no_sense_harm_nobody(data):
    assert scored_of(data, 5) == []
    found = weighed_of(data, 5)
    assert (found.start, found.end, found.p) == (5, 5, 0.0)
    assert all(copied.source == "" for copied in copied_of(data, 5))


def test_places_are_those_of_the_document():
    data = {"tokens": [{"t": "ab", "p": 0.5, "top": [["c", 0.4]], "start": 2}]}
    (token,) = scored_of(data, 10)
    assert (token.start, token.end) == (12, 14)
    assert token.token == Token(t="ab", p=0.5, top=(("c", 0.4),))


def test_only_the_end_of_a_long_part_is_looked_at(studio, writer):
    state = InsideState(studio, writer)
    text = "x" * 30_000
    assert state.look(text, 0, 20_000)
    request = studio.queue.last.request
    assert len(request.values["text"]) == MOST_LETTERS
    assert state.busy == "score"
    state.weigh(text, 25_000)
    request = studio.queue.last.request
    assert request.values["position"] == 1000
    assert len(request.values["text"]) == 1040


def test_only_the_newest_question_is_answered(studio, writer, heard):
    state = InsideState(studio, writer)
    scored = heard(state.scored)
    state.look("abc", 0, 3)
    old = studio.queue.last.job
    state.look("abcd", 0, 4)
    data = {"tokens": [{"t": "a", "p": 1.0, "top": [], "start": 0}], "perplexity": 2}
    state.on_event(Result(job=old, path="", output="report", data=data))
    assert scored == []
    new = studio.queue.last.job
    state.on_event(Result(job=new, path="", output="report", data=data))
    assert scored[0][1] == 2.0
    state.on_event(Cancelled(job=new))
    assert state.busy == ""


def test_a_model_that_cannot_tell(studio, writer, heard):
    state = InsideState(studio, writer)
    assert state.able("score")
    assert not state.able("copies")
    studio.queue.refuse = BadInput("full")
    problems = heard(state.problem)
    assert not state.look("abc", 0, 3)
    assert problems[0].what == "full"
    studio.library.models = [m for m in studio.library.models if m.modality != "text"]
    writer.ask.reload_models()
    assert not state.look("abc", 0, 3)
    assert "No model" in problems[1].what


# ---- tables


@pytest.fixture
def tables(studio, writer):
    made = TableState(studio, writer)
    yield made
    made.close()


def shop(tmp_path, rows=2):
    cells = tuple((f"thing {n}",) for n in range(rows))
    return Source(tmp_path / "shop.csv", Table(("product",), cells))


def test_what_is_typed_comes_back(studio, writer, tables):
    tables.choose("product-description")
    tables.set_value("product", "Mat")
    tables._jobs["j9"] = ("list-1", "/tmp/out.csv")
    again = TableState(studio, writer)
    again.restore(tables.snapshot())
    assert again.template.id == "product-description"
    assert again.values == {"product": "Mat"}
    again.on_event(Done(job="j9"))
    assert studio.queue.last.body == {"series": "list-1", "target": "/tmp/out.csv"}
    again.close()


@pytest.mark.parametrize("saved", [{}, {"typed": 3, "jobs": [], "source": "/nowhere.csv"}])
def test_other_versions_sessions_are_no_harm(tables, saved):
    tables.restore(saved)
    assert tables.source is None
    assert tables.template is not None


def test_too_many_rows_are_refused(tables, tmp_path, heard):
    problems = heard(tables.problem)
    tables.choose("product-description")
    assert tables.begin() == ""
    assert "Choose a table" in problems[-1].what
    tables.source = shop(tmp_path, 1001)
    assert "at most 1,000" in tables.told()
    assert tables.begin() == ""
    assert "At most 1,000" in problems[-1].what


def test_a_table_that_cannot_be_read_says_why(tables, tmp_path):
    tables.choose("product-description")
    tables.source = Source(tmp_path / "x.csv", reading=True)
    assert tables.told() == "Reading x.csv…"
    tables._failed(tmp_path / "x.csv", Problem(kind="bad-input", what="x.csv is no table"))
    assert tables.told() == "x.csv is no table"
    assert tables.rows() == 0


def test_the_target_may_be_another(tables, tmp_path):
    tables.source = shop(tmp_path)
    assert tables.target == tmp_path / "shop-written.csv"
    tables.set_target(tmp_path / "o.csv")
    assert tables.target == tmp_path / "o.csv"


def test_a_stopped_job_writes_what_there_is_and_a_failed_export_is_told(
    tables, studio, tmp_path, heard
):
    problems = heard(tables.problem)
    tables.choose("product-description")
    tables.source = shop(tmp_path)
    job = tables.begin()
    tables.on_event(Cancelled(job=job))
    export = studio.queue.last
    assert export.work == "export_table"
    tables.on_event(Failed(job=export.job, problem=Problem(kind="bad-input", what="full")))
    assert problems[-1].what == "full"


def test_removing_ones_own_template_can_be_undone(tables, heard):
    said = heard(tables.said)
    tables.keep(Template(name="Mine", text="{a}", fields=plain_fields("{a}")))
    assert tables.own
    tables.remove()
    assert not tables.own
    said[-1][2]()
    assert tables.template.id == "mine"
    tables.choose("recipe")
    problems = heard(tables.problem)
    tables.remove()
    assert "stays" in problems[-1].what


def test_without_a_model_a_template_is_refused(tables, studio, writer, heard):
    studio.library.models = []
    writer.ask.reload_models()
    problems = heard(tables.problem)
    tables.begin()
    assert "No model" in problems[-1].what


# ---- versions


class Page:
    """An editor without a window."""

    def __init__(self):
        self.text, self.spans, self.draft = "", [], False

    def content(self):
        return None if self.draft else (self.text, self.spans)


@pytest.fixture
def page():
    return Page()


@pytest.fixture
def versions(studio, writer, page):
    made = VersionState(studio, writer)
    made.bind(page.content)
    return made


def test_an_empty_page_has_no_versions(versions, page):
    page.text = "  \n"
    versions.note()
    assert versions.tree == Versions()


def test_nothing_is_noted_while_a_draft_stands_in_the_text(versions, page):
    page.text, page.draft = "Once", True
    versions.note()
    assert versions.tree.items == ()
    versions.branch("x", 1)
    assert versions.tree.items == ()


def test_undoing_a_draft_is_the_version_before(versions, page, writer, heard):
    changes = heard(versions.changed)
    page.text = "Once upon"
    passage = Passage(number=1, model="writer", tokens=(Token(t=" upon"),))
    writer.documents.keep_passage(passage)
    page.spans = [(4, 9, 1)]
    writer.kept.emit(passage, "Once", "Once upon")
    assert [item.how for item in versions.tree.items] == ["began", "written"]
    assert versions.tree.passages == (passage,)
    page.text, page.spans = "Once", []
    versions.note()
    assert versions.tree.current == 0
    assert len(changes) >= 2


def test_restoring_what_is_not_there_or_in_use_changes_nothing(versions, page, heard):
    wanted = heard(versions.wanted)
    page.text = "Once"
    for number in (-1, 0, 7):
        versions.restore(number)
    assert wanted == []
    assert versions.title_of(0) == "Once"


def test_what_is_cut_has_a_title(versions, page):
    for text in ("Once upon", "Once"):
        page.text = text
        versions._add(text, [], "typed", "", "", "")
    assert versions.title_of(1) == "Shortened"


def test_trees_lie_beside_their_documents(tmp_path):
    documents = Documents(Home(tmp_path))
    shelf = VersionShelf(documents, pytest.fail)
    document = documents.new("Once")
    tree = Versions().added("Once", "typed")
    documents.put(document)
    shelf.put(document.id, tree)
    assert shelf.get(document.id) == tree
    documents.close()
    shelf.close()
    assert documents.beside(document.id, "versions").is_file()
    again = VersionShelf(Documents(Home(tmp_path)), pytest.fail)
    assert again.get(document.id) == tree
    assert again.get("another") == Versions()


def test_a_tree_of_a_document_that_is_gone_is_not_written(tmp_path):
    documents = Documents(Home(tmp_path))
    shelf = VersionShelf(documents)
    shelf.put("2026-gone", Versions().added("Once", "typed"))
    shelf.close()
    assert not documents.beside("2026-gone", "versions").exists()
    documents.close()


def test_a_damaged_tree_is_told_and_kept_aside(tmp_path):
    told = []
    documents = Documents(Home(tmp_path))
    path = documents.beside("a", "versions")
    path.parent.mkdir(parents=True)
    path.write_text("{", encoding="utf-8")
    shelf = VersionShelf(documents, told.append)
    assert shelf.get("a") == Versions()
    assert len(told) == 1
    reader = VersionShelf(documents, read_only=True)
    reader.put("a", Versions())
    reader.close()
