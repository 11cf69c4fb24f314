"""`genstudio templates`, and what --template and tables ask for (the model is made up)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from genstudio.cli import tables as command
from genstudio.cli.app import main
from genstudio.cli.batch import Words
from genstudio.cli.screen import Screen
from genstudio.core.errors import NotFound, UsageError
from genstudio.core.events import Done, Log, Result
from genstudio.core.paths import Home
from genstudio.core.series import Series
from genstudio.core.settings import Settings
from genstudio.studio.templates import TemplateShelf
from tests.helpers import results
from tests.studio.test_tables import MODEL, rows

WORDS = Words("writer", "", "5", None, [], [], "")


@dataclass
class FakeSession:
    """A session whose model answers each item with its own prompt and two words."""

    home: Home
    asked: list[Series] = field(default_factory=list)
    fails: bool = False

    @property
    def studio(self):
        library = SimpleNamespace(get=lambda _name: MODEL)
        shelf = TemplateShelf(self.home)
        return SimpleNamespace(library=library, templates=shelf, settings=Settings())

    def work(self, _role, _work, body, folder, _stop=None):
        series = Series.model_validate(body["series"])
        self.asked.append(series)
        for number in range(len(series.items)):
            if self.fails and number:
                yield Log(level="error", text="no room")
                continue
            request = series.request(number)
            prompt = str(request.values["prompt"])
            path = folder / f"{number}.txt"
            path.write_text(f"{prompt} Fine thing.", encoding="utf-8")
            proof = results.provenance(request.seed, index=number).model_copy(
                update={"title": "Writer", "facts": {"start": len(prompt), "written": 12}}
            )
            data = {"provenance": proof.model_dump(mode="json")}
            yield Result(path=str(path), index=number, seed=5, output="text", data=data)
        yield Done(data={"count": len(series.items), "failed": []})


@pytest.fixture
def session(tmp_path):
    return FakeSession(Home(tmp_path / "home"))


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "shop.csv"
    path.write_text("Product,Material,Price\nMat,cork,12\nLamp,brass,30\n", encoding="utf-8")
    return path


def words(**changes):
    return Words(**{**vars(WORDS), **changes})


def test_a_table_becomes_a_table(session, table, tmp_path, capsys):
    asked = words(template="product-description", fields=("tone=playful",))
    command.command(session, Screen(False), asked, table, tmp_path / "out.csv")
    found = rows((tmp_path / "out.csv").read_bytes())
    assert found[0] == ["Product", "Material", "Price", "text", "made by"]
    assert found[1][:4] == ["Mat", "cork", "12", "Fine thing."]
    assert found[1][4].startswith("AI: Writer")
    prompt = session.asked[0].request(1).values["prompt"]
    assert prompt.startswith("Product: Lamp\nCategory: kitchen\nMaterial: brass\nTone: playful")
    said = capsys.readouterr()
    assert said.out.splitlines() == [str(tmp_path / "out.csv")]
    assert "2 of 2 texts" in said.err


def test_into_a_folder_and_as_json(session, table, tmp_path, capsys):
    asked = words(template="product-description")
    command.command(session, Screen(True), asked, table, tmp_path)
    assert (tmp_path / "shop-written.csv").is_file()
    kinds = [json.loads(line)["kind"] for line in capsys.readouterr().out.splitlines()]
    assert kinds == ["result", "done"]


def test_a_column_of_prompts_needs_no_template(session, tmp_path):
    listed = tmp_path / "p.csv"
    listed.write_text("prompt,note\nOnce,a\nTwice,b\n", encoding="utf-8")
    command.command(session, Screen(False), WORDS, listed, tmp_path / "out.csv")
    found = rows((tmp_path / "out.csv").read_bytes())
    assert [row[:3] for row in found[1:]] == [
        ["Once", "a", "Fine thing."],
        ["Twice", "b", "Fine thing."],
    ]


def test_rows_that_fail_leave_their_cell_empty(session, table, tmp_path):
    import typer

    session.fails = True
    asked = words(template="product-description")
    with pytest.raises(typer.Exit):
        command.command(session, Screen(False), asked, table, tmp_path / "out.csv")
    assert rows((tmp_path / "out.csv").read_bytes())[2][3:] == ["", ""]


def test_a_task_that_writes_nothing_fills_no_table(session, table):
    with pytest.raises(UsageError, match="writes no text"):
        command.describe(session, words(task="make"), command_table(table), "shop.csv")


def command_table(path):
    from genstudio.studio import tables

    return tables.read(path)


def test_when_a_table_is_meant(tmp_path):
    csv, folder = tmp_path / "o.csv", tmp_path
    assert command.wanted(WORDS, csv, csv)
    assert command.wanted(words(template="t"), csv, folder)
    assert not command.wanted(WORDS, csv, folder)
    assert not command.wanted(words(template="t"), None, folder)


def test_a_template_is_the_prompt(session):
    asked = words(template="product-description", fields=("product=Mat",), set_=["length=77"])
    made = command.filled(session, asked)
    assert "length=77" in made.set_
    assert "stop=\\n" in made.set_
    prompt = next(word for word in made.set_ if word.startswith("prompt="))
    assert prompt.startswith("prompt=Product: Mat\nCategory: kitchen\n")
    assert command.filled(session, WORDS) is WORDS


@pytest.mark.parametrize(
    ("changes", "kind", "why"),
    [
        ({"fields": ("a=b",)}, UsageError, "name it with --template"),
        ({"template": "nothing"}, NotFound, "no template"),
        ({"template": "recipe", "fields": ("a=b",)}, UsageError, "no field 'a'"),
        ({"template": "recipe", "fields": ("a",)}, UsageError, "--field needs NAME=VALUE"),
        ({"template": "recipe", "task": "make"}, UsageError, "takes no text"),
    ],
)
def test_what_does_not_fit(session, changes, kind, why):
    with pytest.raises(kind, match=why):
        command.filled(session, words(**changes))


@pytest.fixture
def cli(tmp_path, capsys):
    def call(*words):
        capsys.readouterr()
        code = main([str(word) for word in words], str(tmp_path / "home"))
        return code, *capsys.readouterr()

    return call


def test_templates_are_listed_and_shown(cli):
    code, out, _ = cli("templates", "list")
    assert code == 0
    assert "product-description" in out
    code, out, _ = cli("templates", "show", "recipe")
    assert out.startswith("# {title}\nTags: {tags}")
    assert "Lentil soup" in out


def test_own_templates_come_and_go(cli, tmp_path):
    assert cli("templates", "add", "Letter", "--text", r"Dear {who},\n")[0] == 0
    code, out, _ = cli("templates", "show", "letter", "--json")
    assert code == 0
    told = json.loads(out.splitlines()[-1])["data"]["template"]
    assert (told["text"], told["fields"][0]["label"]) == ("Dear {who},\n", "Who")
    whole = tmp_path / "t.txt"
    whole.write_text("Hi {who}", encoding="utf-8")
    assert "replaced" in cli("templates", "add", "Letter", "--file", whole)[2]
    assert cli("templates", "remove", "letter")[0] == 0
    assert cli("templates", "show", "letter")[0] == 1


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("Letter",), "needs --text or --file"),
        (("", "--text", "x"), "no template"),
    ],
)
def test_what_is_no_template(cli, words, why):
    code, _, err = cli("templates", "add", *words)
    assert code == 2
    assert why in err


def test_a_file_in_another_encoding_is_refused(cli, tmp_path):
    (tmp_path / "t.txt").write_bytes(b"\xff\xfe{who}")
    code, _, err = cli("templates", "add", "Letter", "--file", tmp_path / "t.txt")
    assert code == 1
    assert "UTF-8" in err
