"""The command line as a whole: commands put together, errors to exit codes.

Exit 0: done. 1: it did not work, with a sentence on stderr. 2: the words do not fit.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

import genstudio
from genstudio.cli import (
    batch,
    copies,
    data,
    doctor,
    evaluate,
    film,
    generate,
    inspect,
    models,
    render,
    runs,
    styles,
    sweep,
    templates,
    title,
    train,
)
from genstudio.cli.session import Session
from genstudio.core import errors, events
from genstudio.core.paths import Home, default_home

HELP = """Train and use generative models on your own machine, offline.

Without a command the window opens. `--home DIR` (before or after the command) or GENSTUDIO_HOME
chooses the data folder."""

app = typer.Typer(
    name="genstudio",
    help=HELP,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("doctor")(doctor.doctor)
app.add_typer(models.app, name="models")
app.command("generate")(generate.generate)
app.command("sweep")(sweep.sweep)
app.command("merge")(batch.merge)
app.add_typer(data.app, name="data")
app.command("train")(train.train)
app.add_typer(runs.app, name="runs")
app.add_typer(styles.app, name="styles")
app.add_typer(templates.app, name="templates")
app.command("evaluate")(evaluate.evaluate)
app.command("copies")(copies.copies)
app.command("inspect")(inspect.inspect)
app.command("render")(render.render)
app.command("film")(film.film)
app.command("title")(title.title)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"genstudio {genstudio.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """The options that every command shares."""


def main(words: Sequence[str], home: str = "") -> int:
    """Run one command with the data folder `home` ("" = the default); returns the exit code."""
    _speak_utf8()
    root = Path(home).expanduser().absolute() if home else default_home()
    json = "--json" in words
    session = Session(Home(root))
    try:
        app(args=list(words), prog_name="genstudio", obj=session)
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else 1
    except KeyboardInterrupt:
        return _fail(errors.GenStudioError("Interrupted", kind="cancelled"), json)
    except BrokenPipeError:
        # The reader of our output (`| head`) has seen enough.
        sys.stdout = None  # type: ignore[assignment]
        return 1
    except ModuleNotFoundError as error:
        return _fail(_without_training(error) or error, json)
    except Exception as error:
        return _fail(error, json)
    finally:
        session.close()
    return 0


def _without_training(error: ModuleNotFoundError) -> errors.GenStudioError | None:
    """The small built program carries no torch; a sentence for that."""
    missing = (error.name or "").split(".")
    if missing[0] != "torch" and missing[:2] not in (
        ["genstudio", "training"],
        ["genstudio", "workers"],
    ):
        return None
    return errors.GenStudioError(
        "This edition of GenStudio generates but does not train",
        next_step="Use the full edition, or ./start.sh in a checkout.",
    )


def _fail(error: Exception, json: bool) -> int:
    """Say what went wrong, in a sentence; the exit code."""
    ours = isinstance(error, errors.GenStudioError)
    problem = error.problem if isinstance(error, errors.GenStudioError) else errors.classify(error)
    if json:
        print(events.to_line(events.Failed(problem=problem)), flush=True)
    print(f"genstudio: {problem.sentence}", file=sys.stderr)
    if problem.kind == "error" and not ours:
        print(problem.details, file=sys.stderr)
    return 2 if problem.kind == "usage" else 1


def _speak_utf8() -> None:
    """Names in any script must come through a pipe, on Windows too."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
