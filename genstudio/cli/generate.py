"""`genstudio generate`: a Request from flags, one file per result."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from genstudio.cli.running import run
from genstudio.cli.screen import Screen, duration
from genstudio.cli.session import JsonFlag, Session, pairs, session_of, spool
from genstudio.core import controls, events, files
from genstudio.core.errors import NotFound, UsageError
from genstudio.core.family import Task
from genstudio.core.request import Request

if TYPE_CHECKING:
    from genstudio.studio.library import Model

PICTURES = (".png", ".jpg", ".jpeg", ".webp")
ANIMATIONS = (".webp", ".gif", ".mp4", ".png")


def generate(
    context: typer.Context,
    model: Annotated[
        str, typer.Argument(metavar="MODEL", help="Id of a model; see `models list`.")
    ],
    task: Annotated[
        str, typer.Option(help="What to ask; the model's first task if left out.")
    ] = "",
    seed: Annotated[str, typer.Option(help="A whole number, or `random`.")] = "",
    count: Annotated[int | None, typer.Option(help="How many results.")] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A setting of the task; repeat at will."),
    ] = None,
    input_: Annotated[
        list[str] | None,
        typer.Option("--input", metavar="[NAME=]FILE", help="A file the task starts from."),
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the results.")] = Path("."),
    format_: Annotated[
        str, typer.Option("--format", metavar="EXT", help="png, jpg, webp; gif, mp4 for motion.")
    ] = "",
    json: JsonFlag = False,
) -> None:
    """Make images: files MODEL-SEED-INDEX.EXT in the folder --out, never overwriting."""
    session = session_of(context)
    screen = Screen(json)
    found = session.studio.library.get(model)
    asked = found.task(task)
    request = _request(found, asked, seed, count, set_ or [], input_ or [])
    ext = check_format(asked, format_)
    with spool() as folder:
        stream = into_folder(generation(session, request, ext, folder), request, out)
        done = run(stream, screen, stopped="Stopped; the results so far are kept.")
    screen.show(done)
    screen.remark(f"Done in {duration(done.seconds)}; seed {request.seed}.", human=True)


def _request(
    model: Model,
    task: Task,
    seed: str,
    count: int | None,
    words: Sequence[str],
    inputs: Sequence[str],
) -> Request:
    from genstudio.studio.requests import make_request

    texts = pairs(words)
    if count is not None:
        texts["count"] = str(count)
        if not any(control.name == "count" for control in task.controls):
            raise UsageError(f"{task.title} makes one result; --count does not apply")
    number = controls.Seed(name="seed", label="Seed").parse(seed)
    values = controls.parse_values(task.controls, texts)
    return make_request(model, task.name, values, number, name_inputs(task, inputs))


def name_inputs(task: Task, words: Sequence[str]) -> dict[str, str]:
    """Input files by control: `NAME=FILE`, or in the order in which the task asks for them."""
    names = [control.name for control in task.inputs()]
    found: dict[str, str] = {}
    for word in words:
        name, sign, path = word.partition("=")
        if not sign or name not in names:
            free = [n for n in names if n not in found]
            if not free:
                what = ", ".join(names) or "no files"
                raise UsageError(f"{task.title} takes {what}; there is no place for {word!r}")
            name, path = free[0], word
        place = Path(path).expanduser().absolute()
        if not place.is_file():
            raise NotFound(f"There is no file {path}", next_step="Check the name of --input.")
        found[name] = str(place)
    return found


def check_format(task: Task, ext: str) -> str:
    """The suffix to write (".png" …, "" = as the task gives it); raises UsageError."""
    if not ext:
        return ""
    suffix = "." + ext.lower().lstrip(".")
    known = {"image": PICTURES, "animation": ANIMATIONS}.get(task.output, ())
    if suffix not in known:
        words = ", ".join(s[1:] for s in known) or "its own format only"
        raise UsageError(f"{task.title} cannot be written as {ext}; it can be: {words}")
    return suffix


def generation(
    session: Session, request: Request, ext: str, folder: Path
) -> Generator[events.Event]:
    """The events of one generation whose results lie in `folder`."""
    body = {
        "request": request.model_dump(mode="json"),
        "level": session.studio.settings.metadata,
        **({"ext": ext} if ext else {}),
    }
    return session.work("generate", "generate", body, folder)


def into_folder(
    stream: Generator[events.Event], request: Request, out: Path
) -> Iterator[events.Event]:
    """Carry each result from the spool to `out` under a free name; other events pass by."""
    with contextlib.closing(stream):
        for event in stream:
            if isinstance(event, events.Result):
                made = Path(event.path)
                name = f"{request.model}-{event.seed}-{event.index}{made.suffix}"
                place = files.write_new(out / name, made.read_bytes())
                yield event.model_copy(update={"path": str(place)})
            elif not isinstance(event, events.Preview):
                yield event
