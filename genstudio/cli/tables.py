"""Templates and tables on the command line: a filled template, or one text for each row."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from genstudio.cli import flags, many
from genstudio.cli.screen import Screen, duration
from genstudio.cli.session import Session, pairs
from genstudio.core import files
from genstudio.core.errors import UsageError
from genstudio.core.events import Result
from genstudio.core.template import Template, plain_fields

if TYPE_CHECKING:
    from genstudio.cli.batch import Words
    from genstudio.core.series import Series
    from genstudio.studio.library import Model
    from genstudio.studio.tables import Table

ENDINGS = (".csv", ".tsv")


def wanted(words: Words, prompts: Path | None, out: Path) -> bool:
    """True where a table is to be written: a template over a list, or a table as --out."""
    return prompts is not None and (bool(words.template) or out.suffix.lower() in ENDINGS)


def command(
    session: Session, screen: Screen, words: Words, prompts: Path | None, out: Path
) -> None:
    """Write the table --prompts again with a text behind each row; `out` a file or a folder."""
    from genstudio.studio import tables

    assert prompts is not None
    table = tables.read(prompts)
    series = describe(session, words, table, prompts.name)
    made: dict[int, Result] = {}
    level = session.studio.settings.metadata
    with many.spool() as folder:
        done = many.run_series(session, screen, series, folder, made=made, show=False)
        texts: list[str | None] = [None] * series.total
        label = ""
        for number, result in made.items():
            proof = many.provenance_of(result)
            whole = Path(result.path).read_text(encoding="utf-8")
            texts[number] = tables.written(whole, proof.facts)
            label = tables.label_of(proof, level)
    target = out if out.suffix.lower() in ENDINGS else out / f"{prompts.stem}-written.csv"
    place = files.write_new(target, tables.with_texts(table, series, texts, label))
    screen.show(Result(path=str(place), seed=series.base.seed, output="file"))
    screen.show(done)
    told = f"Done in {duration(done.seconds)}: {len(made)} of {series.total} texts"
    screen.remark(f"{told}; seed {series.base.seed}.", human=True)
    if len(made) < series.total:
        raise typer.Exit(1)


def describe(session: Session, words: Words, table: Table, source: str) -> Series:
    """The series that a table and the flags ask for; raises UsageError, NotFound."""
    from genstudio.studio import tables

    model = session.studio.library.get(words.model)
    task = model.task(words.task)
    if task.output != "text":
        raise UsageError(f"{task.title} writes no text, so it fills no table")
    template = _template(session, words, task.prompt)
    base = flags.to_request(
        model, task, words.seed, words.count, words.set_, words.inputs, words.styles
    )
    given = pairs(words.fields, "--field")
    said = pairs(words.set_)
    return tables.of_table(model, base, table, template, given, source, said)


def filled(session: Session, words: Words) -> Words:
    """The same with the filled template as the prompt, where one is named; raises UsageError.

    What was said with --set goes before what the template sets.
    """
    if not words.template:
        if words.fields:
            raise UsageError("--field fills a template; name it with --template")
        return words
    model: Model = session.studio.library.get(words.model)
    task = model.task(words.task)
    if not task.prompt:
        raise UsageError(f"{task.title} takes no text; --template does not apply")
    template = session.studio.templates.get(words.template)
    given, said = pairs(words.fields, "--field"), pairs(words.set_)
    known = {control.name for control in task.controls}
    sets = {**template.settings(given), **({"stop": template.stop} if template.stop else {})}
    sets = {name: value for name, value in sets.items() if name in known}
    whole = {**sets, **said, task.prompt: template.filled(given)}
    return replace(words, set_=[f"{name}={value}" for name, value in whole.items()])


def _template(session: Session, words: Words, prompt: str) -> Template:
    """The one that is named; without one the column of prompts is all."""
    if words.template:
        return session.studio.templates.get(words.template)
    text = f"{{{prompt or 'prompt'}}}"
    return Template(name="Prompts", text=text, fields=plain_fields(text))
