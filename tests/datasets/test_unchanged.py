"""Files of a dataset are read as they were when it was added, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from genstudio.core.errors import BadInput
from genstudio.core.paths import Home
from genstudio.datasets import contents, editing, store, unchanged
from tests.datasets.folders import add, fill

FILES = {"a.txt": b"one one", "b.txt": b"two two two", "c.txt": b"three", "d.txt": b"four"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = Home(tmp_path / "home")
    add(home, fill(tmp_path / "texts", FILES))
    return home.datasets / "set"


def reading(folder: Path, read=lambda data, name: data.decode()):  # type: ignore[no-untyped-def]
    dataset = store.open_dataset(folder)
    return list(unchanged.each(folder, dataset, contents.load(folder, dataset), read))


def names(found) -> dict[str, str | None]:  # type: ignore[no-untyped-def]
    return {Path(name).name: thing for _, name, thing in found}


def test_all_files_come_once_with_their_rows(folder: Path) -> None:
    found = reading(folder)
    assert sorted(row for row, _, _ in found) == [0, 1, 2, 3]
    assert names(found) == {name: data.decode() for name, data in FILES.items()}


def test_what_is_gone_or_other_than_it_was_is_nothing(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "texts" / "a.txt").unlink()
    (tmp_path / "texts" / "b.txt").write_bytes(b"TWO two two")
    found = names(reading(folder))
    assert found == {"a.txt": None, "b.txt": None, "c.txt": "three", "d.txt": "four"}


def test_what_cannot_be_read_does_not_end_it(folder: Path) -> None:
    def read(data: bytes, name: str) -> str:
        if data == b"three":
            raise BadInput("no")
        return "read"

    assert list(names(reading(folder, read)).values()).count("read") == 3


def test_excluded_files_are_not_opened(folder: Path) -> None:
    first = reading(folder)[0][0]
    editing.change(folder, [{"row": first, "excluded": True}])
    opened: list[str] = []
    found = reading(folder, lambda data, name: opened.append(name))
    assert first not in [row for row, _, _ in found]
    assert len(opened) == 3


def test_a_source_that_is_gone_is_said(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "texts").rename(tmp_path / "elsewhere")
    with pytest.raises(BadInput, match="are gone"):
        reading(folder)


@pytest.mark.parametrize("most", [21, 22])
def test_no_more_than_can_be_held_is_read(folder: Path, most: int) -> None:
    dataset = store.open_dataset(folder)
    things = [(0, "a", "x" * 10), (1, "b", None), (2, "c", "y" * 12)]
    kept = unchanged.few_enough(things, len, most, dataset, "letters", "files")
    if most == 22:
        assert list(kept) == things
        return
    with pytest.raises(BadInput, match="more than 21 letters") as told:
        list(kept)
    assert "Exclude some of its files" in told.value.problem.next_step
