"""A table comes in, the same table with texts goes out."""

from __future__ import annotations

import csv
import io

import pytest

from genstudio.core.artifact import Group, Provenance
from genstudio.core.controls import Int, Text
from genstudio.core.errors import BadInput, NotFound, UsageError
from genstudio.core.events import Done
from genstudio.core.family import Task
from genstudio.core.paths import Home
from genstudio.core.request import Request
from genstudio.core.template import Template, TemplateField
from genstudio.studio import series as shelf
from genstudio.studio import tables
from genstudio.studio.gallery import Gallery
from tests.helpers import results
from tests.helpers.fake_studio import MAKE, FakeModel

WRITE = Task(
    name="sample",
    title="Continue",
    verb="Write",
    output="text",
    controls=(
        Text(name="prompt", label="Beginning", role="prompt"),
        Text(name="stop", label="Stop at"),
        Int(name="length", label="Length", default=100, low=1, high=400),
        Int(name="count", label="Drafts", default=1, low=1, high=4),
    ),
)
MODEL = FakeModel("writer", "Writer", (WRITE, MAKE), modality="text")
BASE = Request(model="writer", task="sample", seed=5, values={"count": 1, "length": 100})
PRODUCT = Template(
    name="Product",
    text="Name: {name}\nTone: {tone}\nText:",
    stop="\\n",
    fields=(
        TemplateField(name="name", label="Product name"),
        TemplateField(name="tone", label="Tone", default="plain"),
        TemplateField(name="length", label="Length", default="60", sets="length"),
    ),
)
CSV = 'Product name,Price,TONE\nMat,12,playful\n"Lamp, brass",30,\n'


@pytest.fixture
def table():
    return tables.Table(
        ("Product name", "Price", "TONE"), (("Mat", "12", "playful"), ("Lamp, brass", "30", ""))
    )


@pytest.mark.parametrize(
    ("name", "data", "separator"),
    [
        ("a.csv", CSV.encode(), ","),
        ("a.csv", ("\ufeff" + CSV).encode(), ","),
        ("a.csv", CSV.replace("Lamp, brass", "Lamp  brass").replace(",", ";").encode(), ";"),
        ("a.tsv", CSV.replace("Lamp, brass", "Lamp  brass").replace(",", "\t").encode(), "\t"),
    ],
)
def test_tables_are_read(tmp_path, name, data, separator):
    (tmp_path / name).write_bytes(data)
    found = tables.read(tmp_path / name)
    assert found.columns == ("Product name", "Price", "TONE")
    assert found.separator == separator
    assert [row[1:] for row in found.rows] == [("12", "playful"), ("30", "")]


def test_other_encodings_and_short_rows(tmp_path):
    (tmp_path / "a.csv").write_bytes("Name,Tone\nCafé\n\n".encode("cp1252"))
    assert tables.read(tmp_path / "a.csv").rows == (("Café", ""),)


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"a,b\n", "no rows"), (b"a\x00b\nc", "no plain text"), (b'a\n"' + b"x" * 200_000, "table")],
)
def test_what_is_no_table(tmp_path, data, why):
    (tmp_path / "a.csv").write_bytes(data)
    with pytest.raises(BadInput, match=why):
        tables.read(tmp_path / "a.csv")
    with pytest.raises(NotFound):
        tables.read(tmp_path / "b.csv")


def test_too_many_rows(tmp_path):
    with pytest.raises(BadInput, match="10,001 rows"):
        tables.from_bytes(b"a\n" + b"x\n" * 10_001, tmp_path / "a.csv")


def test_columns_find_their_fields(table):
    assert tables.matched(table, PRODUCT) == ({"name": 0, "tone": 2}, ["length"])


def test_each_row_is_an_item(table):
    made = tables.of_table(MODEL, BASE, table, PRODUCT, {"tone": "stern"}, "p.csv")
    first, second = (made.request(number) for number in range(2))
    assert first.values["prompt"] == "Name: Mat\nTone: playful\nText:"
    assert second.values["prompt"] == "Name: Lamp, brass\nTone: stern\nText:"
    assert first.values["length"] == 60  # the template's own
    assert first.values["stop"] == "\\n"
    assert (first.first, second.first) == (0, 1)  # noise of its own
    assert [item.name for item in made.items] == ["1 Mat", "2 Lamp, brass"]
    assert made.title == "Writer: Product, p.csv"


def test_what_was_said_goes_before_the_template_but_not_before_a_column(table):
    given = tables.lines(table, PRODUCT, {}, "prompt", ("length", "stop"))
    assert [set(line) for line in given] == [{"prompt"}, {"prompt"}]
    longer = tables.Table(("name", "Length"), (("Mat", "33"),))
    assert tables.lines(longer, PRODUCT, {}, "prompt", ("length",))[0]["length"] == "33"


def test_settings_that_the_task_does_not_have_are_left_out(table):
    plain = WRITE.model_copy(update={"controls": WRITE.controls[:1]})
    made = tables.of_table(FakeModel("writer", "W", (plain,)), BASE, table, PRODUCT, {}, "p.csv")
    assert set(made.items[0].values) == {"prompt"}


def test_a_table_that_fits_nothing_is_refused(table):
    other = Template(name="O", text="{dish}", fields=(TemplateField(name="dish", label="Dish"),))
    with pytest.raises(UsageError, match="No column"):
        tables.of_table(MODEL, BASE, table, other, {}, "p.csv")
    with pytest.raises(UsageError, match="takes no text"):
        tables.of_table(
            MODEL, BASE.model_copy(update={"task": "make"}), table, PRODUCT, {}, "p.csv"
        )


def test_a_value_out_of_range_names_its_row():
    wrong = tables.Table(("name", "length"), (("Mat", "60"), ("Lamp", "9999")))
    with pytest.raises(UsageError, match="Line 2: Length"):
        tables.of_table(MODEL, BASE, wrong, PRODUCT, {}, "p.csv")


def test_only_what_the_model_wrote():
    facts = {"start": 6, "written": 5}
    assert tables.written("Text: Hello. more", facts) == "Hello"
    assert tables.written(" whole ", {}) == "whole"


def rows(data: bytes, separator=","):
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=separator))


def test_texts_stand_behind_their_rows(table):
    made = tables.of_table(MODEL, BASE, table, PRODUCT, {}, "p.csv")
    found = rows(tables.with_texts(table, made, ["Roll it,\nout", None], "AI: Writer"))
    assert found == [
        ["Product name", "Price", "TONE", "text", "made by"],
        ["Mat", "12", "playful", "Roll it,\nout", "AI: Writer"],
        ["Lamp, brass", "30", "", "", ""],
    ]


def test_several_drafts_and_names_that_are_taken(table):
    taken = tables.Table(("Text 1", "Made by", "name"), (("a", "b", "c"),), ";")
    base = BASE.model_copy(update={"values": {"count": 2}})
    made = tables.of_table(MODEL, base, taken, PRODUCT, {}, "p.csv")
    found = rows(tables.with_texts(taken, made, ["one", "two"], "AI"), ";")
    assert found[0] == ["Text 1", "Made by", "name", "text 1 (2)", "text 2", "made by (2)"]
    assert found[1][3:] == ["one", "two", "AI"]
    bare = rows(tables.with_texts(taken, made, ["one", "two"]), ";")
    assert bare[0][-1] == "text 2"


@pytest.mark.parametrize(
    ("level", "label"),
    [("full", "AI: Writer, seed 5, GenStudio 1"), ("label", "AI: Writer"), ("bare", "")],
)
def test_the_label_of_a_row(level, label):
    made = Provenance(app="GenStudio 1", request=BASE, title="Writer")
    assert tables.label_of(made, level) == label


class Queue:
    def submit_work(self, role, work, body=None, title=""):
        self.asked = (role, work, body, title)
        return "job-1"


def test_the_table_is_written_from_the_gallery(tmp_path, table):
    home, queue = Home(tmp_path / "home"), Queue()
    made = tables.of_table(MODEL, BASE, table, PRODUCT, {}, "p.csv")
    assert tables.start(home, queue, made, CSV.encode()) == "job-1"
    assert queue.asked[:3] == ("generate", "series", {"series": made.id})
    gallery = Gallery(home)
    try:
        proof = Provenance(
            app="GenStudio 1",
            request=made.request(1),
            index=1,
            title="Writer",
            output="text",
            facts={"start": 3, "written": 5},
            group=Group(id=made.id, place=1),
        )
        result = results.result(home, content=b"Ab: Shine.", suffix=".txt", output="text")
        told = {**result.data, "provenance": proof.model_dump(mode="json")}
        gallery.add(result.model_copy(update={"data": told, "index": 1}))
        events = list(tables.export(home, gallery, made.id, tmp_path / "out.csv", "label"))
    finally:
        gallery.close()
    assert isinstance(events[-1], Done)
    assert events[-1].data == {"path": str(tmp_path / "out.csv"), "texts": 1, "rows": 2}
    found = rows((tmp_path / "out.csv").read_bytes())
    assert found[1] == ["Mat", "12", "playful", "", ""]
    assert found[2] == ["Lamp, brass", "30", "", "Shin", "AI: Writer"]


def test_a_series_without_a_table_is_refused(tmp_path, table):
    home, queue = Home(tmp_path / "home"), Queue()
    made = tables.of_table(MODEL, BASE, table, PRODUCT, {}, "p.csv")
    shelf.start(home, queue, made)
    with pytest.raises(NotFound, match=made.id):
        next(iter(tables.export(home, None, made.id, tmp_path / "out.csv")))
