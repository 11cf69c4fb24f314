"""Series on the command line: `generate --prompts FILE`, `generate --input FOLDER`, `sweep`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from genstudio.cli import flags
from genstudio.cli.running import Stopping, run
from genstudio.cli.screen import Screen, duration
from genstudio.cli.session import Session, spool
from genstudio.core.artifact import Provenance
from genstudio.core.errors import UsageError
from genstudio.core.events import Done, Event, Preview, Result
from genstudio.core.series import Series
from genstudio.core.stored import Json
from genstudio.core.style import dressed_line

if TYPE_CHECKING:
    from genstudio.cli.batch import Words
    from genstudio.studio.library import Model


def wanted(words: Words, prompts: Path | None) -> bool:
    """True where a list of prompts or a folder of pictures is given."""
    return prompts is not None or any(_path(word).is_dir() for word in words.inputs)


def command(
    session: Session, screen: Screen, words: Words, prompts: Path | None, out: Path
) -> None:
    """Make all of a list or a folder; single ones that fail are told at the end."""
    found = session.studio.library.get(words.model)
    series = describe(found, words, prompts)
    ext = flags.check_format(found.task(words.task), words.format)
    done = run_series(session, screen, series, out, ext, finish=words.finish)
    screen.show(done)
    failed = done.data.get("failed")
    told = f"Done in {duration(done.seconds)}: {done.data.get('count', 0)} of {series.total}"
    screen.remark(f"{told} results; seed {series.base.seed}.", human=True)
    if isinstance(failed, list) and failed:
        names = ", ".join(str(fault["name"]) for fault in failed if isinstance(fault, dict))
        screen.remark(f"Not made (see above): {names}", human=True)
        raise typer.Exit(1)


def describe(model: Model, words: Words, prompts: Path | None) -> Series:
    """The series that the flags ask for; raises UsageError, NotFound, BadInput."""
    from genstudio.studio import lists

    task = model.task(words.task)
    folders = [word for word in words.inputs if _path(word).is_dir()]
    if prompts is None and len(folders) == 1:
        control = _control_of(folders[0], lists.picture_control(task))
        pictures = lists.pictures_in(_path(folders[0]))
        first = [f"{control}={pictures[0]}" if w in folders else w for w in words.inputs]
        base = flags.to_request(
            model, task, words.seed, words.count, words.set_, first, words.styles
        )
        return lists.of_pictures(model, base, control, pictures, _path(folders[0]).name)
    if folders or prompts is None:
        raise UsageError("one folder of pictures, or one list of prompts, goes at once")
    control = lists.prompt_control(task)
    lines = lists.read_file(prompts, control.name if control else "prompt")
    base = flags.to_request(
        model, task, words.seed, words.count, words.set_, words.inputs, words.styles
    )
    dressed = [dressed_line(task.controls, line, words.styles) for line in lines]
    asked = lists.of_lines(model, base, dressed, prompts.name)
    names = lists.names_of(lines, control.name if control else "prompt")
    return lists.named(asked, names)


def run_series(
    session: Session,
    screen: Screen,
    series: Series,
    out: Path,
    ext: str = "",
    made: dict[int, Result] | None = None,
    finish: dict[str, Json] | None = None,
    show: bool = True,
) -> Done:
    """Make a series into folder `out`; results by place are put into `made`, and named on the
    screen unless `show` is False."""
    body = {
        "series": series.model_dump(mode="json"),
        "level": session.studio.settings.metadata,
        **({"ext": ext} if ext else {}),
        **({"finish": finish} if finish else {}),
    }
    with spool() as folder:
        stop = Stopping()
        stream = session.work("generate", "series", body, folder, stop)
        kept = _into_folder(stream, series, out, {} if made is None else made)
        kept = kept if show else (event for event in kept if not isinstance(event, Result))
        return run(kept, screen, stop, stopped="Stopped; the results so far are kept.")


def provenance_of(result: Result) -> Provenance:
    """What a result says of its making."""
    return Provenance.model_validate(result.data["provenance"])


def _into_folder(
    stream: Iterator[Event], series: Series, out: Path, made: dict[int, Result]
) -> Iterator[Event]:
    """Carry each result from the spool to `out`, named after its item."""
    from genstudio.studio.exporting import file_name, place_result

    with contextlib.closing(stream):  # type: ignore[type-var]
        for event in stream:
            if isinstance(event, Result):
                source = Path(event.path)
                number = provenance_of(event).index
                name = file_name(series.name_of(event.index), event.seed, number)
                place = place_result(source, out / f"{name}{source.suffix}")
                made[event.index] = event.model_copy(update={"path": str(place)})
                yield made[event.index]
            elif not isinstance(event, Preview):
                yield event


def _path(word: str) -> Path:
    """The path of `NAME=PATH` or of `PATH`."""
    whole = Path(word).expanduser()
    return whole if whole.exists() else Path(word.partition("=")[2] or word).expanduser()


def _control_of(word: str, first: object) -> str:
    name, sign, _ = word.partition("=")
    if sign and not Path(word).expanduser().exists():
        return name
    if first is None:
        raise UsageError("this task takes no picture, so a folder does not apply")
    return str(first.name)  # type: ignore[attr-defined]


def check_alone(prompts: Path | None) -> None:
    """Refuse a list beside --job and --shard; raises UsageError."""
    if prompts is not None:
        raise UsageError("--prompts does not go together with --job and --shard")
