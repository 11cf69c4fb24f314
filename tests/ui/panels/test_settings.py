"""The settings panel and the data folder it looks after."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QPushButton

from genstudio.core import paths
from genstudio.core.controls import Int
from genstudio.core.errors import DiskFull
from genstudio.core.paths import Home
from genstudio.core.settings import CONTROLS
from genstudio.ui import data_folder
from genstudio.ui.panels.settings import SettingsPanel, example, grouped
from genstudio.ui.state.studio_state import StudioState
from genstudio.ui.widgets.about import About
from genstudio.ui.widgets.help_sheet import HelpSheet
from genstudio.ui.widgets.key_sheet import KeySheet
from tests.helpers.fake_studio import FakeBridge, FakeStudio


@pytest.fixture(autouse=True)
def chosen_file(tmp_path, monkeypatch):
    place = tmp_path / "config" / "data-folder.txt"
    monkeypatch.setattr(data_folder, "chosen_home_file", lambda: place)
    monkeypatch.setattr(paths, "chosen_home_file", lambda: place)
    return place


@pytest.fixture
def made(qtbot, tmp_path):
    studio = FakeStudio(Home(tmp_path / "home"))
    (studio.home.root / "cache").mkdir(parents=True)
    state = StudioState(studio, FakeBridge())
    panel = SettingsPanel(state)
    qtbot.addWidget(panel)
    panel.resize(1200, 700)
    panel.show()
    yield SimpleNamespace(panel=panel, state=state, studio=studio)
    panel._measurer.wait()
    panel.close()
    state.close()


def form_with(panel, name):
    return next(f for f in panel._forms if name in {c.name for c in f.controls()})


def button(panel, text) -> QPushButton:
    return next(b for b in panel.findChildren(QPushButton) if b.text() == text)


def test_no_setting_is_forgotten():
    names = [control.name for _, members in grouped(CONTROLS) for control in members]
    assert sorted(names) == sorted(control.name for control in CONTROLS)
    later = Int(name="later", label="Later", default=1, low=0, high=2)
    assert grouped((*CONTROLS, later))[-1] == ("More", [later])


def test_changes_hold_at_once(made):
    form = form_with(made.panel, "device")
    form.field("device").pill("cpu").click()
    assert made.studio.settings.device == "cpu"


def test_change_from_elsewhere_is_shown(made):
    made.state.settings.change("theme", "light")
    assert form_with(made.panel, "theme").values()["theme"] == "light"


def test_refused_change_goes_back(made, heard, monkeypatch):
    problems = heard(made.state.problem)

    def refuse(_settings):
        raise DiskFull("The disk is full")

    monkeypatch.setattr(made.studio, "save_settings", refuse)
    form_with(made.panel, "device").field("device").pill("cpu").click()
    assert form_with(made.panel, "device").values()["device"] == "auto"
    assert problems[0].kind == "disk-full"


def test_preview_shows_exactly_what_is_written(made):
    text = made.panel._written.toPlainText()
    assert "genstudio" in text
    assert "trainedAlgorithmicMedia" in text
    made.state.settings.change("metadata", "label")
    label = made.panel._written.toPlainText()
    assert "trainedAlgorithmicMedia" in label
    assert "seed" not in label
    made.state.settings.change("metadata", "bare")
    assert made.panel._written.toPlainText() == "Nothing besides the pixels."


def test_preview_uses_the_newest_result(made):
    made.studio.gallery.make(example().provenance.request.model_copy(update={"seed": 987654}))
    made.panel.activated()
    assert "987654" in made.panel._written.toPlainText()


def test_sizes_are_measured(made, qtbot):
    (made.studio.home.root / "cache" / "thumb").write_bytes(b"x" * 2048)
    made.panel.activated()
    qtbot.waitUntil(lambda: "kB" in made.panel._rows["cache"][0].text())
    assert made.panel._rows["cache"][1].isEnabled()
    assert not made.panel._rows["trash"][1].isEnabled()
    assert dict(made.panel._facts.facts())["Place"] == str(made.studio.home.root)


def test_cleaning_asks_first(made, qtbot, heard):
    said = heard(made.state.said)
    thumb = made.studio.home.root / "cache" / "thumb"
    thumb.write_bytes(b"x")
    clear = made.panel._rows["cache"][1]
    clear.setEnabled(True)
    clear.click()
    assert thumb.exists()
    clear.click()
    assert not thumb.exists()
    assert said[0][0] == "Thumbnails and caches are cleared"


def test_trash_is_emptied_by_the_gallery(made, monkeypatch):
    days = []
    purge = lambda value: days.append(value) or 3  # noqa: E731
    monkeypatch.setattr(made.studio.gallery, "purge", purge, raising=False)
    assert data_folder.clean(made.studio, "trash") == "3 files deleted from the trash"
    assert days == [0]


def test_other_folder_from_the_next_start(made, heard, tmp_path, chosen_file, monkeypatch):
    said = heard(made.state.said)
    other = tmp_path / "other ünï"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(other))
    button(made.panel, "Use another folder…").click()
    assert chosen_file.read_text(encoding="utf-8") == str(other)
    assert made.panel._next.isVisible()
    monkeypatch.delenv("GENSTUDIO_HOME")
    assert paths.default_home() == other
    text, action, undo = said[-1]
    assert (text, action) == ("The next start uses other ünï", "Undo")
    undo()
    assert not chosen_file.exists()
    assert paths.default_home() != other
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    button(made.panel, "Use another folder…").click()
    assert not chosen_file.exists()


def test_folder_that_cannot_be_made_is_told(made, heard, tmp_path):
    problems = heard(made.state.problem)
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(FileExistsError):
        data_folder.choose_for_next_start(tmp_path / "file")
    assert problems == []


def test_a_chosen_folder_that_is_nonsense_is_ignored(chosen_file, monkeypatch):
    monkeypatch.delenv("GENSTUDIO_HOME")
    chosen_file.parent.mkdir(parents=True)
    chosen_file.write_text("relative/path", encoding="utf-8")
    assert paths.default_home().is_absolute()
    assert "relative" not in str(paths.default_home())
    chosen_file.write_bytes(b"\xff\xfe\x00")
    assert paths.default_home().name == "GenStudio"


def test_folder_is_opened_in_the_file_manager(made, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    button(made.panel, "Open in the file manager").click()
    assert opened == [str(made.studio.home.root)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("Show and change keys", KeySheet), ("About and licences", About), ("Help", HelpSheet)],
)
def test_pages_open_beside_the_work(made, text, kind):
    button(made.panel, text).click()
    page = made.panel.findChild(kind)
    assert page.isVisible()
    assert not page.isModal()
    page.close()


def test_folder_size_ignores_links_and_what_vanished(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one").write_bytes(b"x" * 10)
    (tmp_path / "two").write_bytes(b"y" * 5)
    (tmp_path / "link").symlink_to(tmp_path / "a", target_is_directory=True)
    inside = data_folder.folder_size(tmp_path)
    assert 15 <= inside < 15 + 4096
    assert data_folder.folder_size(tmp_path / "nothing") == 0
