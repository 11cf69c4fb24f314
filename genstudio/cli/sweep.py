"""`genstudio sweep`: two settings varied, one picture for each pair, and a labelled sheet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from genstudio.cli import flags, many, options
from genstudio.cli.screen import Screen, duration
from genstudio.cli.session import JsonFlag, session_of
from genstudio.core.errors import UsageError
from genstudio.core.events import Result

if TYPE_CHECKING:
    from genstudio.core.sweep import Axis, AxisControl


def sweep(
    context: typer.Context,
    model: options.Model,
    x: Annotated[
        str,
        typer.Option("--x", metavar="NAME=VALUES", help="What changes across: steps=4,8,20."),
    ],
    y: Annotated[
        str,
        typer.Option("--y", metavar="NAME=VALUES", help="What changes down the rows."),
    ] = "",
    task: options.Task = "",
    seed: options.Seed = "",
    set_: options.Set = None,
    input_: options.Input = None,
    style: options.Style = None,
    out: options.Out = Path("."),
    format_: options.Format = "",
    sheet: Annotated[bool, typer.Option(help="Write the labelled sheet as well.")] = True,
    json: JsonFlag = False,
) -> None:
    """Compare settings: one picture for each pair of values, and a labelled sheet of all.

    VALUES: `4,8,20`, `1-9 (5)` for five evenly apart, `1-9 (+2)` for steps of two, `all` options.
    NAME: a setting of the task, `seed` (`random (4)` draws four), `model`, or `prompt:WORDS` to
    replace WORDS in the prompt by each value. At most 100 cells.
    """
    from genstudio.studio import sheets
    from genstudio.studio import sweep as sweeps

    session, screen = session_of(context), Screen(json)
    found = session.studio.library.get(model)
    asked = found.task(task)
    styles = [session.studio.styles.get(name) for name in style or []]
    request = flags.to_request(found, asked, seed, None, set_ or [], input_ or [], styles)
    models = session.studio.library.list()
    able = sweeps.axes(found, asked, models)
    if not able:
        raise UsageError(f"{asked.title} makes no pictures that could be compared")
    across, down = read_axis(able, x, "--x"), read_axis(able, y, "--y") if y else None
    series = sweeps.make(models, request, across, down)
    made: dict[int, Result] = {}
    done = many.run_series(session, screen, series, out, flags.check_format(asked, format_), made)
    places = [made.get(place) for place in range(series.total)]
    if sheet and made:
        like = many.provenance_of(next(iter(made.values())))
        level = session.studio.settings.metadata
        paths = [None if r is None else Path(r.path) for r in places]
        path = sheets.write(series, paths, like, out, level)
        screen.show(Result(path=str(path), index=series.total, seed=request.seed))
    screen.show(done)
    screen.remark(f"Done in {duration(done.seconds)}; seed {request.seed}.", human=True)


def read_axis(able: tuple[AxisControl, ...], words: str, flag: str) -> Axis:
    """`NAME=VALUES` or `NAME:FIND=VALUES` of a flag; raises UsageError."""
    from genstudio.core import sweep as axes
    from genstudio.studio import sweep as sweeps
    from genstudio.studio.requests import draw_seed

    name, sign, values = words.partition("=")
    name, _, find = name.partition(":")
    if not sign or not name.strip():
        raise UsageError(f"{flag} needs NAME=VALUES such as steps=4,8,20, not {words!r}")
    control = sweeps.control_named(able, name.strip().replace("-", "_"))
    if find and control.kind != "text":
        raise UsageError(f"{flag}: words are replaced in texts only, not in {control.label}")
    return axes.read_axis(control, values, find, draw_seed)
