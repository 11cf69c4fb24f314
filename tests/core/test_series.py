"""Series: items as differences from a common request."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from genstudio.core.errors import BadInput
from genstudio.core.request import Request
from genstudio.core.series import Item, Series
from genstudio.core.sweep import Axis

BASE = Request(model="shapes", task="make", seed=5, first=2, values={"count": 1, "amount": 0.5})


def axis(name: str, *values: object) -> Axis:
    return Axis(
        name=name, label=name.title(), values=values, labels=tuple(str(value) for value in values)
    )


def series(*items: Item, base: Request = BASE, **more: object) -> Series:
    return Series(id="sweep-1", title="Shapes", base=base, items=items, **more)


def test_an_item_says_only_what_differs():
    asked = series(
        Item(),
        Item(values={"amount": 1.0}, seed=0, first=9, inputs={"image": "/a.png"}),
        Item(model="other", values={"amount": 0.1}),
    )
    assert asked.request(0) == BASE
    second = asked.request(1)
    assert (second.seed, second.first, second.inputs) == (0, 9, {"image": "/a.png"})
    assert second.values == {"count": 1, "amount": 1.0}
    third = asked.request(2)
    assert (third.model, third.values, third.seed) == ("other", {"amount": 0.1}, 5)


def test_a_sweep_fills_its_columns_and_rows():
    asked = series(*[Item()] * 6, x=axis("amount", 0, 0.5, 1), y=axis("kind", "a", "b"))
    assert (asked.columns, asked.rows, asked.total) == (3, 2, 6)
    row = series(Item(), Item(), x=axis("amount", 0, 1))
    assert (row.columns, row.rows) == (2, 1)
    assert series(Item()).columns == 0


@pytest.mark.parametrize(
    ("count", "axes", "words"),
    [
        (5, {"x": axis("a", 1, 2, 3), "y": axis("b", 1, 2)}, "each pair"),
        (1, {"y": axis("b", 1)}, "has columns"),
        (0, {}, "items"),
    ],
)
def test_what_is_no_series_is_refused(count, axes, words):
    with pytest.raises(ValidationError, match=words):
        series(*[Item()] * count, **axes)


def test_a_cell_holds_one_result():
    four = BASE.model_copy(update={"values": {"count": 4}})
    with pytest.raises(ValidationError, match="one result"):
        series(Item(), base=four, x=axis("a", 1))


def test_places_count_over_all_items():
    four = BASE.model_copy(update={"values": {"count": 4}})
    asked = series(Item(name="one"), Item(name="two"), base=four)
    assert (asked.count, asked.total) == (4, 8)
    assert [asked.name_of(place) for place in (0, 3, 4, 7)] == ["one", "one", "two", "two"]
    group = asked.group(1)
    assert (group.id, group.title, group.name, group.place) == ("sweep-1", "Shapes", "two", 4)


def test_it_goes_to_disk_and_back(tmp_path):
    asked = series(Item(name="a", values={"amount": 1.0}), x=axis("amount", 1.0))
    path = tmp_path / "s.json"
    path.write_text(asked.model_dump_json(), encoding="utf-8")
    assert Series.read(path) == asked
    path.write_text(asked.model_dump_json().replace('"sweep-1"', '"../x"'), encoding="utf-8")
    with pytest.raises(BadInput):
        Series.read(path)
