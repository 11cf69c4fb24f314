"""Spaces, umlauts, CJK, emoji and Cyrillic in every folder name of the flow."""

from __future__ import annotations

from pathlib import Path

from tests.end2end.conftest import FOLDER


def test_every_command_works_there(flow):
    assert FOLDER in str(flow.place)
    assert [(name, ran.err) for name, ran in flow.ran.items() if ran.code] == []


def test_names_come_out_as_they_went_in(flow):
    for line in flow.ran["generate"].out.splitlines():
        assert FOLDER in line
        assert Path(line).is_file()
    assert flow.ran["export"].out.strip() == str(flow.place / "пакет 模型.zip")


def test_nothing_is_left_half_written(flow):
    assert not [path for path in flow.place.rglob("*") if ".gs-tmp-" in path.name]
    spool = flow.place / "home" / "spool"
    assert not spool.exists() or not any(spool.iterdir())


def test_nothing_was_written_beside_the_data_folder(flow):
    names = {path.name for path in flow.place.iterdir()}
    assert names == {"home", "дата 数据", "выход ö", "пакет 模型.zip"}
