"""Exit codes and sentences of the command line as a whole."""

from __future__ import annotations

import errno
import json

import pytest

from genstudio.cli import app
from genstudio.core.errors import GenStudioError, UsageError


def raising(monkeypatch, error: BaseException) -> None:
    def run(*words, **named):
        raise error

    monkeypatch.setattr(app, "app", run)


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (GenStudioError("It broke", next_step="Mend it."), 1, "It broke. Mend it."),
        (UsageError("wrong word"), 2, "wrong word"),
        (OSError(errno.ENOSPC, "No space left on device"), 1, "disk is full"),
        (MemoryError(), 1, "Memory ran out"),
        (KeyboardInterrupt(), 1, "Interrupted"),
        (ModuleNotFoundError("No module named 'torch'", name="torch"), 1, "does not train"),
    ],
)
def test_errors_are_sentences(monkeypatch, capsys, error, code, words):
    raising(monkeypatch, error)
    assert app.main(["models", "list", "--json"]) == code
    out, err = capsys.readouterr()
    assert words in err
    assert "Traceback" not in err
    assert json.loads(out)["kind"] == "failed"


def test_what_we_did_not_expect_shows_its_details(monkeypatch, capsys):
    raising(monkeypatch, ZeroDivisionError("oh"))
    assert app.main(["doctor"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_missing_module_of_another_kind_is_unexpected(monkeypatch, capsys):
    raising(monkeypatch, ModuleNotFoundError("No module named 'frob'", name="frob"))
    assert app.main(["doctor"]) == 1
    assert "frob" in capsys.readouterr().err


def test_a_reader_that_left(monkeypatch):
    raising(monkeypatch, BrokenPipeError())
    with monkeypatch.context():
        import sys

        kept = sys.stdout
        assert app.main(["models", "list"]) == 1
        sys.stdout = kept


@pytest.mark.parametrize("words", [["frob"], ["models"], ["models", "frob"], ["evaluate"]])
def test_wrong_words_are_usage(words, capsys):
    assert app.main(words) == 2
    out, err = capsys.readouterr()
    assert "Usage" in out + err


@pytest.mark.parametrize(
    "words", [["--help"], ["generate", "-h"], ["models", "--help"], ["--version"]]
)
def test_help_is_success(words, capsys):
    assert app.main(words) == 0
    assert capsys.readouterr().out
