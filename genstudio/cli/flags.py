"""What the flags of `genstudio generate` ask for: a Request, its input files, the format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from genstudio.cli.session import pairs
from genstudio.core import controls
from genstudio.core.errors import NotFound, UsageError
from genstudio.core.family import Task
from genstudio.core.request import Request
from genstudio.core.stored import Json
from genstudio.core.style import dressed, prompt_controls, style_values

if TYPE_CHECKING:
    from genstudio.core.style import Style
    from genstudio.studio.library import Model


def to_request(
    model: Model,
    task: Task,
    seed: str,
    count: int | None,
    words: Sequence[str],
    inputs: Sequence[str],
    styles: Sequence[Style] = (),
) -> Request:
    """The request, checked by the task's controls; raises UsageError, NotFound.

    Settings of `styles` give way to those that are typed, their words go around the prompt. A
    setting that has the name of an input is one.
    """
    from genstudio.studio.requests import make_request

    texts = pairs(words)
    asked = {control.name for control in task.inputs()}
    inputs = [*inputs, *(f"{name}={texts.pop(name)}" for name in list(texts) if name in asked)]
    if count is not None:
        texts["count"] = str(count)
        check_counts(task)
    number = controls.Seed(name="seed", label="Seed").parse(seed)
    values = controls.parse_values(task.controls, texts)
    if styles:
        check_prompt(task)
        values = {**style_values(task.controls, styles), **values}
        values = dressed(task.controls, values, styles)
    return make_request(model, task.name, values, number, name_inputs(task, inputs))


def check_prompt(task: Task) -> None:
    """Raise UsageError where there is no prompt that a style could go around."""
    if prompt_controls(task.controls)[0] is None:
        raise UsageError(f"{task.title} takes no prompt; --style does not apply")


def check_counts(task: Task) -> None:
    """Raise UsageError where the task makes one result only."""
    if not any(control.name == "count" for control in task.controls):
        raise UsageError(f"{task.title} makes one result; --count does not apply")


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
    from genstudio.studio.exporting import formats

    suffix = "." + ext.lower().lstrip(".")
    known = formats(task.output)
    if suffix not in known:
        words = ", ".join(s[1:] for s in known) or "its own format only"
        raise UsageError(f"{task.title} cannot be written as {ext}; it can be: {words}")
    return suffix


def file_suffix(task: Task, out: Path | None, ext: str = "") -> str:
    """The suffix of `out` where it names a file that `task` can be written to; "" for folders."""
    from genstudio.studio.exporting import formats

    suffix = out.suffix.lower() if out is not None and not out.is_dir() else ""
    return suffix if suffix and suffix in formats(task.output) and ext in ("", suffix) else ""


def to_finish(
    enlarge: int, transparent: bool, edge: str, tolerance: int | None, ext: str
) -> dict[str, Json]:
    """What is done to pictures on their way out, {} for nothing; raises UsageError."""
    if not transparent and (edge or tolerance is not None):
        raise UsageError("--edge and --tolerance say how --transparent works; give it too")
    if enlarge == 1 and not transparent:
        return {}
    from genstudio.media.finishing import Finish

    if edge not in ("", "hard", "soft"):
        raise UsageError(f"--edge is hard or soft, not {edge!r}")
    finish = Finish(enlarge, (edge or "hard") if transparent else "keep")  # type: ignore[arg-type]
    if tolerance is not None:
        finish = replace(finish, tolerance=tolerance)
    return asdict(finish.check("." + ext.lower().lstrip(".") if ext else ""))
