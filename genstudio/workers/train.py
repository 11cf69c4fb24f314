"""The train role: torch. The same generators run in-process for the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from genstudio import families
from genstudio.core.errors import UsageError
from genstudio.core.events import Event
from genstudio.core.job import Message
from genstudio.core.recipe import Recipe
from genstudio.training import jobs, merging
from genstudio.training import repack as repacking
from genstudio.workers.context import Context, model_folder


def train(message: Message, context: Context) -> Iterator[Event]:
    """body: recipe and base (folder of the recipe file), or run (go on with it); copy_of.

    A stop writes a checkpoint first. Result(output="package") is the model so far, asked for
    while it trains. Done.data: run, package, model, step; without a package it was paused.
    """
    device = context.settings.device
    if message.body.get("run"):
        yield from jobs.resume(context.home, _run(message), families.part, device=device)
        return
    recipe, base = _recipe(message)
    copy_of = str(message.body.get("copy_of") or "")
    yield from jobs.run_training(
        context.home, recipe, families.part, base=base, device=device, copy_of=copy_of
    )


def begin(message: Message, context: Context) -> Iterator[Event]:
    """body: recipe and base. Only makes the run folder; Done.data: run."""
    recipe, base = _recipe(message)
    device = context.settings.device
    yield from jobs.begin(context.home, recipe, families.part, base=base, device=device)


def finish(message: Message, context: Context) -> Iterator[Event]:
    """body: run. A paused run ends where it is; Done.data as of `train`."""
    device = context.settings.device
    yield from jobs.resume(context.home, _run(message), families.part, device=device, ends=True)


def try_out(message: Message, context: Context) -> Iterator[Event]:
    """body: run. The model of a paused run as it is, as Result(output="package")."""
    device = context.settings.device
    yield from jobs.try_out(context.home, _run(message), families.part, device=device)


def plan(message: Message, context: Context) -> Iterator[Event]:
    """body: recipe and base. Done.data: what it will take, measured by a few steps."""
    recipe, base = _recipe(message)
    device = context.settings.device
    yield from jobs.plan(context.home, recipe, families.part, base=base, device=device)


def repack(message: Message, context: Context) -> Iterator[Event]:
    """body: model, out, precision. Its package is written anew as the folder `out`."""
    folder = model_folder(context.home, str(message.body["model"]))
    out, precision = Path(str(message.body["out"])), str(message.body["precision"])
    yield from repacking.repack(folder, out, precision, families.part)


def merge(message: Message, context: Context) -> Iterator[Event]:
    """body: model, out, name. An add-on and its base are written as one whole package `out`."""
    folder = model_folder(context.home, str(message.body["model"]))
    out, name = Path(str(message.body["out"])), str(message.body["name"])
    yield from merging.merge(folder, out, name, families.part)


WORKS = {
    "train": train,
    "begin": begin,
    "plan": plan,
    "finish": finish,
    "try": try_out,
    "repack": repack,
    "merge": merge,
}


def _run(message: Message) -> str:
    run = str(message.body.get("run") or "")
    if not run:
        raise UsageError("Say which run is meant")
    return run


def _recipe(message: Message) -> tuple[Recipe, Path | None]:
    value = message.body.get("recipe")
    if not isinstance(value, dict):
        raise UsageError("A training needs a recipe or a run to go on with")
    base = str(message.body.get("base") or "")
    return Recipe.model_validate(value), Path(base) if base else None
