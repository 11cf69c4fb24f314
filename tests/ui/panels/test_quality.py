"""The Quality page: rows that can be read, sheets, progress, comparison, cards."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QLabel

from genstudio.core import evaluations
from genstudio.core.events import Cancelled, Done, Progress
from genstudio.core.manifest import Score
from genstudio.ui.panels.models import ModelsPanel
from genstudio.ui.panels.quality import SheetView, intro
from genstudio.ui.panels.quality_rows import ScoreGroup, copies_sentence, details_of
from genstudio.ui.theme import theme
from tests.helpers.fake_data import keep
from tests.helpers.fake_studio import png

WAY = {
    "data": "toys",
    "data_sha256": "d" * 64,
    "split": "valid",
    "seed": 0,
    "extractor": "judge",
    "extractor_sha256": "e" * 64,
}
NAMES = ("frechet", "recall", "precision", "diversity")


def score(metric: str = "frechet", value: float = 0.5, samples: int = 500, **more) -> Score:
    facts = {"low": value - 0.1, "high": value + 0.1, "floor": 0.2, "better": "lower"} | more
    facts.setdefault("settings", WAY)
    return Score(metric=metric, value=value, samples=samples, **facts)


def texts(widget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if not label.isHidden()]


@pytest.fixture
def panel(everything) -> ModelsPanel:
    shapes = everything.state.models.find("shapes")
    shapes.scores = tuple(score(name) for name in NAMES)
    shown = everything.shown(ModelsPanel(everything.state))
    shown.cards.chosen.emit("shapes")
    shown.show_page("quality")
    return shown


# ---- rows


def test_a_row_says_all_there_is_to_know(qtbot):
    group = ScoreGroup("How real", [score(low=0.4, high=0.6, help="Heusel et al. 2017")])
    qtbot.addWidget(group)
    found = texts(group)
    assert "How real" in found
    assert "Fréchet distance" in found
    assert "lower is better" in found
    assert "0.5" in found
    assert "0.4 to 0.6" in found
    assert "500 samples · seed 0 · held-out pictures of toys · judge judge (eeeeeeeeee)" in found
    assert any(text.startswith("How far the samples") for text in found)
    row = group.rows[0]
    assert "95 % interval 0.4 to 0.6" in row.accessibleName()
    assert "judge judge" in row.accessibleDescription()
    assert "Heusel" in row.toolTip()


def test_what_rows_share_stands_once_and_the_rest_on_the_row(qtbot):
    group = ScoreGroup("How real", [score(), score("precision", samples=75)])
    qtbot.addWidget(group)
    assert group.way.text() == "seed 0 · held-out pictures of toys · judge judge (eeeeeeeeee)"
    assert "500 samples" in texts(group.rows[0])
    assert "75 samples" in texts(group.rows[1])


def test_how_most_were_measured_stands_in_the_heading(qtbot):
    some = [score(), score("kernel"), score("precision", samples=75)]
    group = ScoreGroup("How real", some)
    qtbot.addWidget(group)
    assert group.way.text().startswith("500 samples · seed 0")
    assert "500 samples" not in texts(group.rows[0])
    assert "75 samples" in texts(group.rows[2])


def test_a_bare_score_has_a_row_too(qtbot):
    group = ScoreGroup("More", [Score(metric="zeal", value=3.0, unit="kg")])
    qtbot.addWidget(group)
    assert {"Zeal", "3 kg"} <= set(texts(group))


def test_words_of_packages_are_not_markup(qtbot):
    group = ScoreGroup("More", [Score(metric="<b>x</b>", value=1.0, help="<img src=x>")])
    qtbot.addWidget(group)
    labels = group.rows[0].findChildren(QLabel)
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels)


def test_packages_that_say_too_much_are_cut_short(panel, state):
    classes = {f"class {number}": 0.5 for number in range(1000)}
    many = tuple(
        Score(metric=f"m{number}", value=1.0, unit="u" * 500, settings={"by_class": classes})
        for number in range(300)
    )
    state.models.find("redoer").scores = many
    panel.cards.chosen.emit("redoer")
    rows = [row for group in panel.quality.groups for row in group.rows]
    assert len(rows) == 60
    assert len(texts(rows[0])[-1]) < 40
    assert details_of(many[0])[0].endswith("class 59 0.5 and 940 more")
    panel.show_page("compare")
    assert panel.compare.table.rowCount() <= 64


def test_details_list_classes_batches_and_the_machine():
    found = details_of(
        score(settings={"by_class": {"Boot": 0.91234, "Bag": "?"}, "machine": "M1", "threads": 2})
    )
    assert found == [
        "Fréchet distance by class: Boot 0.9123, Bag ?",
        "Fréchet distance: on M1, 2 threads",
    ]
    batches = details_of(score("per_result", settings={"by_batch": {"1": 10, "64": 99.5}}))
    assert batches == ["A picture alone by batch, pictures a second: 1 10, 64 99.5"]
    assert details_of(score(settings={"by_class": {}})) == []


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (
            score("copies", 0.003, 2000, low=0.001, high=0.007, floor=0.01, settings={}),
            "6 of 2,000 samples (0.3 %) come nearer to a training picture than 1 % of unseen "
            "pictures do: no more than chance gives.",
        ),
        (
            score("copies", 0.2, 100, low=0.13, high=0.3, floor=0.01, settings={"identical": 3}),
            "20 of 100 samples (20 %) come nearer to a training picture than 1 % of unseen "
            "pictures do: more than chance gives: it may repeat training pictures. 3 are "
            "identical to one.",
        ),
    ],
)
def test_copies_are_told_in_a_sentence(found, words):
    assert copies_sentence([score(), found]) == words


@pytest.mark.parametrize(("count", "words"), [(0, "None is"), (1, "1 is"), (2, "2 are")])
def test_identical_pictures_are_counted(count, words):
    found = score("copies", 0.0, 100, settings={"identical": count})
    assert copies_sentence([found]).endswith(f" {words} identical to one.")


def test_nothing_is_said_about_copies_where_nobody_looked():
    assert copies_sentence([score()]) == ""


# ---- the page


def test_scores_stand_in_groups(panel):
    headings = [group.accessibleName() for group in panel.quality.groups]
    assert headings == ["How real", "How varied"]
    assert [row.score.metric for row in panel.quality.groups[0].rows] == ["frechet", "precision"]
    assert not panel.quality.empty.isVisible()
    assert panel.quality.text().splitlines()[0].startswith("Fréchet distance 0.5")


def test_how_to_read_the_bars():
    assert intro(()) == ""
    assert "real" not in intro((score(floor=None),))
    assert "real" in intro((score(),))


def test_a_model_without_scores_has_a_next_step(panel):
    panel.cards.chosen.emit("redoer")
    assert panel.quality.empty.isVisible()
    assert panel.quality.groups == []
    panel.quality.empty.clicked.emit()
    assert panel.evaluate.isVisible()


def test_the_same_scores_are_not_built_again(panel):
    before = panel.quality.groups
    panel.quality.show_model(panel._state.model)
    assert panel.quality.groups is before


def test_pairs_are_shown_with_their_sentence(panel, state, studio):
    assert not panel.quality.sheet_box.isVisible()
    model = state.models.find("shapes")
    copies = score("copies", 0.0, 100, floor=0.01, low=0.0, settings={"identical": 0})
    kept = evaluations.Evaluation(model="shapes", sha256=model.manifest.sha256, scores=(copies,))
    evaluations.keep(studio.home, model.manifest, kept, sheet=png(32))
    state.quality.changed.emit("shapes")
    assert panel.quality.sheet_box.isVisible()
    assert panel.quality.sheet_words.text().startswith("0 of 100 samples")
    assert "0 of 100" in panel.quality.sheet.accessibleName()


@pytest.mark.parametrize(
    ("size", "width", "height"), [((100, 40), 700, 280), ((996, 204), 800, 164), ((0, 0), 700, 1)]
)
def test_a_sheet_keeps_its_shape(qtbot, size, width, height):
    view = SheetView()
    qtbot.addWidget(view)
    view.resize(width, 10)
    view.set_image(QImage(*size, QImage.Format.Format_RGB32), "words")
    assert view.height() == height
    assert view.accessibleName() == "words"


# ---- evaluating


def test_the_sheet_offers_data_samples_and_measures(panel, studio, state):
    keep(studio.home, "toys")
    keep(studio.home, "apples")
    panel.run("evaluate")
    sheet = panel.evaluate
    assert sheet.isVisible()
    assert sheet.data.value() == "toys", "what it was compared with before comes first"
    assert sheet.samples.value() == "2000"
    sheet.samples.set_value("500")
    sheet.go.click()
    body = studio.queue.last.body
    assert (body["data"], body["samples"], body["metrics"]) == ("toys", 500, [])
    assert not sheet.isVisible()


def test_a_judge_can_be_chosen_so_that_models_compare(panel, studio, state):
    keep(studio.home, "toys")
    panel.run("evaluate")
    sheet = panel.evaluate
    assert sheet.judge.value() == ""
    sheet.judge.set_value("critic")
    sheet.go.click()
    assert studio.queue.last.body["judge"] == "critic"
    state.quality.on_event(Cancelled(job=studio.queue.last.job))
    panel.run("evaluate")
    assert sheet.judge.value() == "", "the next time the best one again"
    panel.cards.chosen.emit("critic")
    panel.run("evaluate")
    sheet.picks.set_open(True)
    assert not sheet.judge.isVisible(), "nobody judges a judge"


def _with_tasks(panel, state, *names: str) -> None:
    model = state.models.find("shapes")
    first = model.tasks[0]
    model.tasks = tuple(first.model_copy(update={"name": name}) for name in names)


def test_single_measures_can_be_left_out(panel, studio, state):
    keep(studio.home, "toys")
    _with_tasks(panel, state, "sample")
    panel.run("evaluate")
    sheet = panel.evaluate
    sheet.picks.set_open(True)
    assert sheet.chosen() == []
    sheet._pills["speed"].setChecked(False)
    assert "speed" not in sheet.chosen()
    assert "recall" in sheet.chosen()
    for pill in sheet._pills.values():
        pill.setChecked(False)
    assert not sheet.go.isEnabled()
    sheet.all.click()
    assert sheet.go.isEnabled()
    assert sheet.chosen() == []


@pytest.mark.parametrize("heights", [(556, 756), (756, 556)])
def test_the_sheet_fits_into_low_windows_and_grows_again(panel, studio, state, heights):
    keep(studio.home, "toys")
    _with_tasks(panel, state, "sample", "reconstruct")
    found = {}
    for height in heights:
        panel.resize(1204, height)
        panel.run("evaluate")
        sheet = panel.evaluate
        sheet.picks.set_open(True)
        assert sheet.y() + sheet.height() <= panel.answer.height()
        found[height] = sheet._room.height()
        panel.resize(1204, height)
        sheet.close_sheet()
    whole = sheet._flow.minimumHeight()
    assert found[556] < found[756] == whole


def test_without_data_the_sheet_leads_to_it(panel, state, heard):
    areas = heard(state.area_wanted)
    panel.run("evaluate")
    assert not panel.evaluate.go.isEnabled()
    assert panel.evaluate.add.isVisible()
    panel.evaluate.add.click()
    assert areas == ["train"]
    assert not panel.evaluate.isVisible()


def test_progress_is_seen_and_can_be_cancelled(panel, state, studio):
    page = panel.quality
    assert not page.progress_box.isVisible()
    job = state.quality.evaluate("shapes", "toys", 100)
    assert page.progress_box.isVisible()
    assert "Waits" in page.progress.text.text()
    assert not panel.actions.able("evaluate")
    state.quality.on_event(Progress(job=job, done=1, total=4, text="Recall"))
    assert page.progress.text.text() == "Evaluating: Recall"
    assert page.progress.bar.value() == 250
    page.progress.cancel.click()
    assert studio.queue.cancelled == [job]
    state.quality.on_event(Cancelled(job=job))
    assert not page.progress_box.isVisible()
    assert panel.actions.able("evaluate")


def test_the_about_page_follows_an_evaluation_too(panel, state):
    panel.show_page("page")
    before = dict(panel.page.facts.facts())["Quality"]
    job = state.quality.evaluate("shapes", "toys", 100)
    found = [score("frechet", 7.25).model_dump(mode="json")]
    state.quality.on_event(Done(job=job, data={"scores": found}))
    after = dict(panel.page.facts.facts())["Quality"]
    assert before.startswith("Fréchet distance 0.5")
    assert after.startswith("Fréchet distance 7.25")


def test_results_are_on_the_page_at_once(panel, state):
    panel.cards.chosen.emit("redoer")
    job = state.quality.evaluate("redoer", "toys", 100)
    found = [score("recall", 0.7).model_dump(mode="json")]
    state.quality.on_event(Done(job=job, data={"scores": found}))
    assert panel.quality.text().startswith("Recall 0.7")
    assert not panel.quality.empty.isVisible()


def test_the_evaluation_of_another_model_does_not_disturb(panel, state):
    state.quality.evaluate("redoer", "toys", 100)
    assert not panel.quality.progress_box.isVisible()
    assert panel.actions.able("evaluate")


def test_sheets_leave_with_escape_and_with_another_model(panel, studio, qtbot):
    keep(studio.home, "toys")
    panel.run("evaluate")
    qtbot.keyClick(panel.evaluate, Qt.Key.Key_Escape)
    assert not panel.evaluate.isVisible()
    panel.run("card")
    assert panel.cancel()
    assert not panel.card_sheet.isVisible()
    assert not panel.cancel()
    panel.run("card")
    panel.run("evaluate")
    assert not panel.card_sheet.isVisible(), "one sheet at a time"
    panel.cards.chosen.emit("redoer")
    assert not panel.evaluate.isVisible()


def test_the_focus_goes_back_to_where_it_was(panel, studio, qtbot):
    keep(studio.home, "toys")
    button = panel.actions.button("evaluate")
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    panel.run("evaluate")
    assert panel.evaluate.go.hasFocus()
    qtbot.keyClick(panel.evaluate.go, Qt.Key.Key_Escape)
    assert button.hasFocus()
    panel.run("evaluate")
    panel.evaluate.leave.click()
    assert button.hasFocus()


# ---- comparing


@pytest.fixture
def compared(panel, state) -> ModelsPanel:
    other = {**WAY, "data_sha256": "a" * 64}
    state.models.find("redoer").scores = (
        score("frechet", 0.9),
        score("recall", 0.52),
        score("precision", 0.5, settings=other),
    )
    panel.show_page("compare")
    return panel


def cell(panel: ModelsPanel, row: int, column: int) -> tuple[str, str]:
    item = panel.compare.table.item(row, column)
    return item.text(), item.data(Qt.ItemDataRole.UserRole + 1)


def test_models_stand_side_by_side_and_refusals_say_why(compared):
    table = compared.compare.table
    heads = [table.horizontalHeaderItem(c).text() for c in range(table.columnCount())]
    assert heads == ["Measure", "Shapes", "Redoer"]
    measures = [table.item(row, 0).text() for row in range(table.rowCount())]
    assert measures == ["Fréchet distance", "Precision", "Recall", "Variety in a class"]
    assert cell(compared, 0, 1) == ("0.5  best", "0.4 to 0.6")
    assert cell(compared, 0, 2)[0] == "0.9"
    value, why = cell(compared, 1, 2)
    assert value == "0.5"
    assert why.startswith("not compared")
    assert "other pictures" in why
    assert cell(compared, 2, 1)[0].endswith("alike")
    assert cell(compared, 3, 2) == ("not measured", "")
    assert compared.compare.refused.isVisible()


def test_cells_can_be_read_aloud(compared):
    item = compared.compare.table.item(1, 2)
    words = item.data(Qt.ItemDataRole.AccessibleTextRole)
    assert words.startswith("Redoer, Precision: 0.5, not compared")
    assert "other pictures" in words


def test_rows_are_high_enough_for_their_words(compared, qtbot):
    compared.resize(820, 700)
    table = compared.compare.table
    qtbot.waitUntil(lambda: table.width() < 500)
    rows = [table.rowHeight(row) for row in range(table.rowCount())]
    assert rows[1] > rows[0], "a reason needs more lines"
    assert table.height() >= sum(rows)
    widths = [table.columnWidth(column) for column in range(3)]
    assert max(widths) - min(widths) <= 1
    assert sum(widths) == table.width()


def test_the_radar_shows_the_same_numbers(compared, state, qtbot):
    assert not compared.compare.radar_box.isVisible(), "two axes make no shape"
    model = state.models.find("shapes")
    third = type(model)("third", "Third", model.tasks, scores=(*model.scores, score("speed")))
    state.models.models.append(third)
    state.models.find("redoer").scores += tuple(score(name, 0.6) for name in ("speed", "diversity"))
    compared.compare.refresh()
    radar = compared.compare.radar
    assert compared.compare.radar_box.isVisible()
    assert radar.text().startswith("Fréchet distance: Shapes 0.5; Redoer 0.9; Third 0.5")
    assert "Precision: Shapes 0.5; Redoer not compared; Third 0.5" in radar.text()
    assert "Shapes not measured" in radar.text()
    qtbot.keyClick(radar, Qt.Key.Key_Right)
    assert compared.compare.reading.text().startswith("Fréchet distance: Shapes 0.5")


def test_an_axis_of_one_model_alone_is_left_out(compared, state):
    state.models.find("redoer").scores = tuple(score(name, 0.6) for name in NAMES[:3])
    compared.compare.refresh()
    radar = compared.compare.radar
    assert len(radar.text().splitlines()) == 3
    assert "Variety in a class" not in radar.text()
    compared.compare._pills["redoer"].click()
    assert len(radar.text().splitlines()) == 4, "alone, a model shows all it has"


def test_models_are_taken_in_and_out(compared):
    pills = compared.compare._pills
    assert [pill.text() for pill in pills.values()] == ["Redoer", "Shapes"]
    pills["redoer"].click()
    assert compared.compare.table.columnCount() == 2
    pills["shapes"].click()
    assert pills["shapes"].isChecked(), "the last one stays"
    pills["redoer"].click()
    assert compared.compare.table.columnCount() == 3


def test_new_scores_are_compared_at_once(compared, state):
    job = state.quality.evaluate("redoer", "toys", 100)
    found = [score("diversity", 0.7).model_dump(mode="json")]
    state.quality.on_event(Done(job=job, data={"scores": found}))
    assert cell(compared, 3, 2)[0] != "not measured"


def test_few_measures_make_no_radar(compared, state):
    for name in ("shapes", "redoer"):
        state.models.find(name).scores = (score(),)
    compared.compare.refresh()
    assert not compared.compare.radar_box.isVisible()
    assert not compared.compare.refused.isVisible()


def test_without_numbers_there_is_nothing_to_compare(panel, state):
    state.models.find("shapes").scores = ()
    panel.show_page("compare")
    assert panel.compare.empty.isVisible()
    assert not panel.compare.table_box.isVisible()


def test_cells_follow_the_theme(compared):
    dark = compared.compare.table.grab().toImage()
    theme().choose("light")
    assert compared.compare.table.grab().toImage() != dark
    row = compared.compare.table.visualItemRect(compared.compare.table.item(0, 0))
    compared.compare.table.setCurrentCell(0, 0)
    chosen = compared.compare.table.viewport().grab(row).toImage()
    compared.compare.table.setCurrentCell(2, 1)
    assert compared.compare.table.viewport().grab(row).toImage() != chosen


def test_scores_are_copied_as_text(panel, state, heard, qapp):
    said = heard(state.said)
    panel.show_page("page")
    panel.run("copy")
    first = qapp.clipboard().text().splitlines()[0]
    assert first.startswith("Fréchet distance 0.5, 95 % interval 0.4 to 0.6")
    assert first.endswith("judge judge (eeeeeeeeee))")
    assert said[-1][0] == "Copied"
    panel.cards.chosen.emit("redoer")
    panel.run("copy")
    assert said[-1][0] == "There are no scores to copy yet"


def test_a_comparison_is_copied_as_a_table(compared, qapp):
    compared.run("copy")
    lines = [line.split("\t") for line in qapp.clipboard().text().splitlines()]
    assert lines[0] == ["Measure", "Shapes", "Redoer"]
    assert lines[1] == ["Fréchet distance", "0.5 (0.4 to 0.6)", "0.9 (0.8 to 1)"]
    assert "other pictures" in lines[2][2]
    assert lines[4][2] == "not measured"
    assert compared.answer.page() == "compare"


# ---- the card


def test_the_card_goes_out_as_html_or_markdown(panel, studio, tmp_path):
    panel.run("card")
    sheet = panel.card_sheet
    sheet.folder = tmp_path
    sheet._show()
    assert sheet.where.text() == str(tmp_path / "shapes-card.html")
    assert not sheet.pairs.isVisible(), "there is no sheet of pairs"
    (tmp_path / "shapes-card.md").write_text("mine", encoding="utf-8")
    sheet.format.pill("md").click()
    assert sheet.target() == tmp_path / "shapes-card-1.md"
    sheet.go.click()
    assert studio.queue.last.body["target"] == str(tmp_path / "shapes-card-1.md")
    assert studio.queue.last.body["pairs"] is False
    assert not sheet.isVisible()


def test_another_file_can_be_chosen(panel, monkeypatch, tmp_path):
    panel.run("card")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    before = panel.card_sheet.target()
    panel.card_sheet.choose.click()
    assert panel.card_sheet.target() == before
    chosen = str(tmp_path / "mine.txt")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (chosen, ""))
    panel.card_sheet.choose.click()
    assert panel.card_sheet.target() == tmp_path / "mine.html"


def test_training_pictures_go_out_only_when_asked(panel, studio, state, tmp_path):
    model = state.models.find("shapes")
    kept = evaluations.Evaluation(model="shapes", sha256=model.manifest.sha256)
    evaluations.keep(studio.home, model.manifest, kept, sheet=png(32))
    panel.run("card")
    sheet = panel.card_sheet
    assert sheet.pairs.isVisible()
    assert sheet.warning.isVisible()
    sheet.pairs.setChecked(True)
    sheet.format.pill("md").click()
    assert not sheet.pairs.isVisible()
    sheet.format.pill("html").click()
    sheet._target = Path(tmp_path / "card.html")
    sheet.go.click()
    assert studio.queue.last.body["pairs"] is True
    panel.run("card")
    assert not sheet.pairs.isChecked(), "asked anew each time"
