"""Opening a text file: its words, its title, and sentences for what cannot be read."""

from __future__ import annotations

import pytest

from genstudio.core.errors import BadInput
from genstudio.ui.state.text_opening import TextOpening


@pytest.fixture
def opening(studio):
    made = TextOpening(studio.looker)
    yield made
    made.wait()


def test_a_file_becomes_title_and_text(opening, tmp_path, qtbot):
    path = tmp_path / "Märchen 名前.v2.txt"
    path.write_text("Es war einmal\n😀", encoding="utf-8")
    with qtbot.waitSignal(opening.ready) as said:
        opening.open(path)
    assert said.args == ["Märchen 名前.v2", "Es war einmal\n😀"]


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\x00"])
def test_a_file_without_words_is_a_sentence(opening, tmp_path, qtbot, content):
    path = tmp_path / "empty.txt"
    path.write_bytes(content)
    with qtbot.waitSignal(opening.problem) as said:
        opening.open(path)
    assert "empty.txt" in said.args[0].sentence


def test_a_file_that_is_gone_is_a_sentence(opening, tmp_path, qtbot, heard):
    ready = heard(opening.ready)
    with qtbot.waitSignal(opening.problem) as said:
        opening.open(tmp_path / "gone.txt")
    assert "gone.txt" in said.args[0].sentence
    assert ready == []


def test_any_failure_of_the_reader_is_a_sentence(qapp, qtbot, tmp_path):
    class Broken:
        def words(self, path):
            raise MemoryError if path.stem == "large" else BadInput("no text", file=path)

    opening = TextOpening(Broken())
    with qtbot.waitSignal(opening.problem) as said:
        opening.open(tmp_path / "picture.png")
    assert said.args[0].what == "no text"
    with qtbot.waitSignal(opening.problem) as said:
        opening.open(tmp_path / "large.txt")
    assert "memory" in said.args[0].sentence.lower()
    opening.wait()


def test_files_are_read_one_after_another(opening, tmp_path, qtbot, heard):
    ready = heard(opening.ready)
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.txt").write_text(name.upper(), encoding="utf-8")
        opening.open(tmp_path / f"{name}.txt")
    qtbot.waitUntil(lambda: len(ready) == 3)
    assert ready == [("a", "A"), ("b", "B"), ("c", "C")]
