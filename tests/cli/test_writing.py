"""`generate` with a model of text: streamed to stdout, or put into files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from genstudio.cli.app import main
from genstudio.cli.screen import Screen
from genstudio.cli.writing import streamed
from genstudio.core.events import Done, Log, Progress, Result, Words
from genstudio.core.request import Request
from genstudio.core.writing import AGAIN
from genstudio.media import documents
from tests.cli.conftest import Outcome
from tests.helpers import writers


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("home")
    writers.package(made / "models" / "writer", "abcdefghijklmnopqrstuvwxyz ")
    return made


@pytest.fixture
def write(home, capsys) -> Callable[..., Outcome]:
    """`generate writer` with a beginning and ten tokens."""

    def call(*words: object) -> Outcome:
        capsys.readouterr()
        asked = ("generate", "writer", "--set", "prompt=xyz", "--set", "length=10", *words)
        code = main([str(word) for word in asked], str(home))
        return Outcome(code, *capsys.readouterr())

    return call


def test_a_text_is_shown_and_leaves_no_file(write, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = write("--seed", 5)
    assert (done.code, done.out) == (0, "xyz abcdefghi\n")
    assert "seed 5" in done.err
    assert not list(tmp_path.iterdir())


def test_several_drafts_stand_below_each_other(write):
    done = write("--count", 2)
    assert done.out == "--- 1 of 2 ---\nxyz abcdefghi\n--- 2 of 2 ---\nxyz abcdefghi\n"


def test_with_out_texts_become_files(write, tmp_path):
    done = write("--seed", 5, "--count", 2, "--out", tmp_path)
    names = [f"writer-5-{index}.txt" for index in (0, 1)]
    assert done.out.splitlines() == [str(tmp_path / name) for name in names]
    assert (tmp_path / names[1]).read_text() == "xyz abcdefghi"
    assert documents.read(tmp_path / names[1]).provenance.index == 1
    assert "10 tokens" in done.err


@pytest.mark.parametrize("ext", ["md", "docx", "html"])
def test_a_format_is_a_wish_for_a_file(write, tmp_path, monkeypatch, ext):
    monkeypatch.chdir(tmp_path)
    assert write("--seed", 5, "--format", ext).code == 0
    assert documents.text_of(tmp_path / f"writer-5-0.{ext}").strip() == "xyz abcdefghi"


def test_formats_of_pictures_do_not_fit(write):
    done = write("--format", "png")
    assert done.code == 2
    assert "txt, md, docx, html" in done.err


def test_json_tells_words_and_results(write):
    events = write("--json").events
    words = [event for event in events if event["kind"] == "words"]
    assert "".join(event["text"] for event in words) == " abcdefghi"
    tokens = [token for event in words for token in event["data"]["tokens"]]
    assert [token["t"] for token in tokens] == list(" abcdefghi")
    (result,) = [event for event in events if event["kind"] == "result"]
    assert result["path"] == ""
    assert result["data"]["ended"] == "length"
    json.dumps(events)


def test_many_texts_by_several_machines(write, home, tmp_path, capsys):
    job = tmp_path / "job.json"
    assert write("--seed", 5, "--count", 20, "--job", job).code == 0
    for shard in ("0/2", "1/2"):
        words = ("generate", "--job", str(job), "--shard", shard, "--out", str(tmp_path / "out"))
        assert main(list(words), str(home)) == 0
    merged = tmp_path / "all"
    assert main(["merge", str(tmp_path / "out"), "--out", str(merged)], str(home)) == 0
    texts = sorted(merged.glob("*.txt"))
    assert [path.read_text() for path in texts] == ["xyz abcdefghi"] * 20
    assert documents.read(texts[19]).provenance.index == 19


def test_a_list_of_beginnings(write, tmp_path):
    (tmp_path / "list.txt").write_text("one\ntwo\n")
    done = write("--prompts", tmp_path / "list.txt", "--out", tmp_path / "out")
    assert done.code == 0
    (first, second) = sorted((tmp_path / "out").glob("*.txt"))
    assert first.read_text().startswith("one")
    assert documents.read(second).provenance.request.values["prompt"] == "two"


def test_inspect_knows_a_text_from_here(write, home, tmp_path, capsys):
    write("--seed", 5, "--out", tmp_path)
    capsys.readouterr()
    assert main(["inspect", str(tmp_path / "writer-5-0.txt")], str(home)) == 0
    told = capsys.readouterr().out
    assert "written here" in told
    assert "compositeWithTrainedAlgorithmicMedia" in told


def shown(capsys, events, count: int = 1, json: bool = False, **values) -> tuple[str, list]:
    """What is printed of these events, and which of them go on."""

    def source():
        yield from events

    request = Request(model="writer", task="fill", values={"count": count, **values})
    passed = list(streamed(source(), request, Screen(json)))
    return capsys.readouterr().out, passed


def test_one_draft_is_shown_at_a_time_in_their_order(capsys):
    events = [
        Words(index=1, text="second"),
        Words(index=0, text="fi"),
        Result(path="b", index=1),
        Words(index=0, text="rst"),
        Result(path="a", index=0),
    ]
    out, passed = shown(capsys, events, 2, before="<", after=">")
    assert out == "--- 1 of 2 ---\n<first>\n--- 2 of 2 ---\n<second>\n"
    assert passed == []


def test_a_stop_ends_the_line(capsys):
    out, passed = shown(capsys, [Words(text="half a"), Log(text="x"), Progress(done=1, total=2)])
    assert out == "half a\n"
    assert [event.kind for event in passed] == ["log"]


def test_a_text_that_begins_anew_is_shown_again(capsys):
    events = [
        Words(text="wrong"),
        Words(text="", data={AGAIN: True}),
        Words(text="right"),
        Result(path="a"),
        Done(),
    ]
    out, _ = shown(capsys, events, before="<", after=">")
    assert out == "<wrong\n<right>\n"


def test_words_cannot_steer_a_terminal(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    Screen().words("a\x1b[2Jb\n\tc")
    assert capsys.readouterr().out == "a\N{REPLACEMENT CHARACTER}[2Jb\n\tc"
