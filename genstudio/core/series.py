"""Series: many results asked for at once, each different from a common request.

A sweep is a series whose items stand in columns and rows; a list of prompts or a folder of
pictures is one without axes. It is one job: it can be stopped, and gone on with where it was.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from genstudio.core.artifact import Group
from genstudio.core.controls import MAX_SEED
from genstudio.core.request import Request
from genstudio.core.stored import Json, Name, Plain, Short, Stored
from genstudio.core.sweep import MOST, Axis

MOST_ITEMS = 10_000


class Item(Plain):
    """What an item asks differently from the base; `name` is said of it and names its files.

    `values` are those that differ, but all of them where the `model` is another one.
    """

    name: Short = ""
    model: Annotated[str, Field(max_length=64)] = ""
    values: dict[str, Json] = {}
    seed: Annotated[int, Field(ge=0, le=MAX_SEED)] | None = None
    first: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    inputs: dict[str, str] = {}


class Series(Stored):
    """Items of a sweep are written row by row: `x` is the axis across, `y` the one down."""

    id: Name
    title: Short
    base: Request
    items: Annotated[tuple[Item, ...], Field(min_length=1, max_length=MOST_ITEMS)]
    x: Axis | None = None
    y: Axis | None = None

    @model_validator(mode="after")
    def _fills_its_axes(self) -> Self:
        if self.x is None and self.y is not None:
            raise ValueError("a sweep with rows has columns")
        if self.x is not None and len(self.items) != self.columns * self.rows:
            raise ValueError("a sweep has one item for each pair of values")
        if self.x is not None and (len(self.items) > MOST or self.count != 1):
            raise ValueError(f"a sweep has at most {MOST} cells of one result")
        return self

    @property
    def count(self) -> int:
        """Results of each item."""
        return max(1, self.base.count)

    @property
    def total(self) -> int:
        """Results of the whole."""
        return self.count * len(self.items)

    @property
    def columns(self) -> int:
        """Cells in a row; 0 where the series is no sweep."""
        return len(self.x.values) if self.x else 0

    @property
    def rows(self) -> int:
        """Rows of a sweep."""
        return len(self.y.values) if self.y else 1

    def request(self, number: int) -> Request:
        """What item `number` (from 0) asks for."""
        item, base = self.items[number], self.base
        return base.model_copy(
            update={
                "model": item.model or base.model,
                "values": item.values if item.model else {**base.values, **item.values},
                "seed": base.seed if item.seed is None else item.seed,
                "first": base.first if item.first is None else item.first,
                "inputs": {**base.inputs, **item.inputs},
            }
        )

    def name_of(self, place: int) -> str:
        """What result `place` (from 0, over all items) is called: its item's name."""
        return self.items[place // self.count].name

    def group(self, number: int) -> Group:
        """What is written into the results of item `number`."""
        name = self.items[number].name
        return Group(id=self.id, title=self.title, name=name, place=number * self.count)
