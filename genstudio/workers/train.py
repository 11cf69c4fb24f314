"""The train role: torch. The same generators run in-process for the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from genstudio import families
from genstudio.core.errors import UsageError
from genstudio.core.events import Event
from genstudio.core.job import Message
from genstudio.core.recipe import Recipe
from genstudio.training import jobs
from genstudio.workers.context import Context


def train(message: Message, context: Context) -> Iterator[Event]:
    """body: recipe and base (folder of the recipe file), or run (go on with it).

    A stop writes a checkpoint first. Done.data: run, package, model, step.
    """
    device = context.settings.device
    if message.body.get("run"):
        run = str(message.body["run"])
        yield from jobs.resume(context.home, run, families.part, device=device)
        return
    recipe, base = _recipe(message)
    yield from jobs.run_training(context.home, recipe, families.part, base=base, device=device)


def plan(message: Message, context: Context) -> Iterator[Event]:
    """body: recipe and base. Done.data: what it will take, measured by a few steps."""
    recipe, base = _recipe(message)
    device = context.settings.device
    yield from jobs.plan(context.home, recipe, families.part, base=base, device=device)


WORKS = {"train": train, "plan": plan}


def _recipe(message: Message) -> tuple[Recipe, Path | None]:
    value = message.body.get("recipe")
    if not isinstance(value, dict):
        raise UsageError("A training needs a recipe or a run to go on with")
    base = str(message.body.get("base") or "")
    return Recipe.model_validate(value), Path(base) if base else None
