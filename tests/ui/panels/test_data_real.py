"""The data page over the real files worker: a folder is looked at, added, edited, previewed."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from PIL import Image

from genstudio.core.events import Done, Event
from genstudio.core.paths import Home
from genstudio.studio.looking import Asker
from genstudio.ui.panels.data_page import DataPage
from genstudio.ui.state.augment_state import VARIANTS
from genstudio.ui.state.studio_state import StudioState
from genstudio.workers import inline
from tests.helpers import shapes
from tests.helpers.fake_studio import FakeBridge, FakeStudio

LONG = 60_000


@pytest.fixture
def desk(tmp_path, qtbot, qapp):
    """A page, a queue that works at once in this process, and looks in a process of their own."""
    home = Home(tmp_path / "home")
    studio = FakeStudio(home, data_looker=Asker(home))
    state = StudioState(studio, FakeBridge())
    page = DataPage(state)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()

    def work() -> Event:
        """Carry out the last job as the queue would."""
        job = studio.queue.last
        last = None
        for event in inline.run(job.role, job.work, job.body, home):
            last = event.model_copy(update={"job": job.job})
            state.data.on_event(last)
        return last

    def idle() -> None:
        qtbot.waitUntil(lambda: not state.data.looks.busy, timeout=LONG)

    yield SimpleNamespace(state=state.data, page=page, work=work, idle=idle, studio=studio)
    state.close()
    studio.data_looker.close()


@pytest.fixture
def folder(tmp_path):
    """Three classes of 12 shapes, one caption, one broken file, one stranger."""
    made = shapes.write(tmp_path / "my shapes", per_class=12)
    (made / "disc" / "000.txt").write_text("a bright disc\nanother caption")
    (made / "disc" / "broken.png").write_bytes(b"no picture")
    (made / "notes.pdf").write_bytes(b"%PDF")
    return made


def test_from_a_folder_to_a_dataset_that_is_put_right(desk, folder):
    state, page = desk.state, desk.page
    state.look([folder])
    desk.work()
    report = state.importing.report
    assert (report.kind, report.total, report.captions) == ("image", 36, 1)
    assert report.classes == {"cross": 12, "disc": 12, "square": 12}
    assert report.skipped_by == {"broken": 1, "wrong type": 1}
    assert len(state.importing.pictures) == 12
    assert page.sheet.about.name.text() == "My shapes"
    page.sheet.about.licence.set_text("own work")
    page.sheet.add.click()
    assert isinstance(desk.work(), Done)
    desk.idle()
    view = page.browser
    grid = view.items.grid
    assert (page.page, grid.count()) == ("browse", 36)
    assert all(cell.image is not None for cell in grid.cells())
    assert state.dataset.licence == "own work"
    assert state.dataset.source == str(folder)

    content, before = state.dataset.content, state.dataset.sha256
    state.browsing.set_label([0, 1], "blob")
    state.browsing.set_caption([0], "what is this")
    state.browsing.set_excluded([2], True)
    desk.idle()
    state.refresh()
    assert state.dataset.excluded == 1
    assert state.dataset.sha256 != before
    assert state.dataset.content in (content, before), "the pictures are the same"
    assert "blob" in state.browsing.classes
    for _ in range(3):
        state.browsing.undo()
        desk.idle()
    state.refresh()
    assert state.dataset.sha256 == before
    assert state.browsing.classes == ("cross", "disc", "square")
    assert (folder / "disc" / "000.txt").read_text().startswith("a bright disc")

    state.browsing.set_filter(text="bright")
    qt_idle = state.browsing._timer
    qt_idle.stop()
    state.browsing.reload()
    desk.idle()
    assert [row.caption for row in state.browsing.rows] == ["a bright disc"]


def test_crops_and_augmentations_of_real_pictures(desk, tmp_path):
    tall = tmp_path / "tall"
    tall.mkdir()
    for number in range(3):
        picture = Image.new("RGB", (40, 80), (200, 40 * number, 0))
        picture.paste((0, 0, 255), (0, 0, 40, 10))
        buffer = io.BytesIO()
        picture.save(buffer, "PNG")
        (tall / f"{number}.png").write_bytes(buffer.getvalue())
    state, view = desk.state, desk.page.browser
    state.look([tall])
    desk.work()
    desk.page.sheet.add.click()
    desk.work()
    desk.idle()
    view.show_view("fit")
    desk.idle()
    before, after = view.fit.image(0), view.fit.image(1)
    assert (before.width(), before.height()) == (40, 80)
    assert after.width() == after.height()
    assert after.pixelColor(after.width() // 2, 0).blue() < 128, "the blue edge is cut off"
    view.fit_side.fit.pill("stretch").click()
    desk.idle()
    assert view.fit.image(1).pixelColor(after.width() // 2, 0).blue() > 128
    state.refresh()
    assert state.dataset.fit == "stretch"
    view.show_view("augment")
    view.augment_side.form.changed.emit("cutout", 0.5, False)
    desk.idle()
    assert view.augment.filled() == 3 * (VARIANTS + 1)
    plain, varied = view.augment.image(0), view.augment.image(1)
    assert plain.size() == varied.size()
    assert plain != varied


def test_a_file_that_is_nothing_is_refused_in_words(desk, tmp_path):
    from genstudio.core.errors import classify
    from genstudio.core.events import Failed

    (tmp_path / "notes.pdf").write_bytes(b"%PDF")
    desk.state.look([tmp_path / "notes.pdf"])
    with pytest.raises(Exception, match="no usable") as refused:
        desk.work()
    problem = classify(refused.value)
    desk.state.on_event(Failed(job=desk.studio.queue.last.job, problem=problem))
    assert desk.page.sheet.report.head.text() == "This cannot become a dataset"
    assert "notes.pdf" in desk.page.sheet.report.under.text()


def test_starters_are_real_datasets(desk):
    names = [starter.name for starter in desk.state.starters()]
    assert {"emoji", "fashion", "sprites"} <= set(names)
    desk.state.add_starter("emoji")
    desk.work()
    desk.idle()
    assert desk.state.current == "emoji"
    assert desk.state.dataset.facts.captions
    assert desk.state.browsing.rows[0].caption
    desk.state.remove()
    assert desk.page.page == "new"
    desk.state.restore("emoji")
    desk.idle()
    assert desk.page.browser.items.grid.count() == 96
