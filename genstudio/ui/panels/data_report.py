"""What a look at some files found: counts, first pictures, what is skipped and why, doubts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from genstudio.core.dataset import Finding
from genstudio.core.errors import Problem
from genstudio.ui import icons
from genstudio.ui.state import data_words as words
from genstudio.ui.state.data_words import Report
from genstudio.ui.state.words import number, several, size
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.count_bars import CountBars
from genstudio.ui.widgets.facts import FactsView
from genstudio.ui.widgets.folded import Folded
from genstudio.ui.widgets.images import from_png
from genstudio.ui.widgets.panel_frame import box, label, note, title
from genstudio.ui.widgets.picture_strip import PictureStrip, Shown

CLASSES_SHOWN = 18
FILES_SHOWN = 500
LIST_HEIGHT = 132
EXCERPTS = 6


class FileList(QPlainTextEdit):
    """File names with their reasons, to be read, selected and copied; as high as it needs."""

    def __init__(self, name: str, findings: Sequence[Finding], more: int = 0) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        lines = [_line(finding) for finding in findings[:FILES_SHOWN]]
        left = more + max(0, len(findings) - FILES_SHOWN)
        if left > 0:
            lines.append(f"… and {number(left)} more")
        self.setPlainText("\n".join(lines))
        high = self.fontMetrics().lineSpacing() * len(lines) + 24
        self.setFixedHeight(min(LIST_HEIGHT, max(44, high)))


class ReportView(QWidget):
    """Boxes from the most to the least important; what there is nothing of is not shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.head, self.under = title(""), note("")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Reading")
        self.strip = PictureStrip("First pictures")
        self.excerpts = QVBoxLayout()
        self.excerpts.setSpacing(6)
        self.facts = FactsView()
        self.again = Button("Try again", "refresh")
        self._made: list[QWidget] = []
        self._excerpts: list[QWidget] = []
        self._lay_out()

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        frame, found = box()
        found.setSpacing(10)
        for widget in (self.head, self.under, self.bar, self.strip):
            found.addWidget(widget)
        found.addLayout(self.excerpts)
        found.addWidget(self.facts)
        found.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(frame)
        self._column.addStretch(1)

    # ---- phases

    def show_checking(self, subject: str) -> None:
        """The look has begun."""
        self._forget()
        self.head.setText(f"Looking at {subject}")
        self._say("Everything is read once. Nothing is changed or kept yet.")
        self.bar.setRange(0, 0)
        self.strip.lay_out([])
        self._parts(bar=True, strip=False)

    def show_progress(self, done: float, total: float, text: str) -> None:
        """How far the look is."""
        self.bar.setRange(0, 1000 if total else 0)
        if total:
            self.bar.setValue(round(1000 * done / total))
        counted = f"{number(done)} of {number(total)}" if total else number(done)
        said = f"{text.capitalize()}: {counted}" if text else counted
        self._say(said)
        self.bar.setAccessibleDescription(said)

    def put_picture(self, index: int, png: bytes) -> None:
        """One of the first pictures."""
        self.strip.put(index, from_png(png))
        self.strip.setVisible(True)

    def show_failed(self, problem: Problem) -> None:
        """The look found nothing that can be used."""
        self._forget()
        self.head.setText("This cannot become a dataset")
        self._say(problem.sentence[:1].upper() + problem.sentence[1:])
        self._parts(again=True)

    def show_report(self, report: Report, pictures: dict[int, bytes]) -> None:
        """All that was found."""
        self._forget()
        self.head.setText(headline(report))
        self._say(f"This is {report.known}, as published." if report.known else "")
        self._show_first(report, pictures)
        self.facts.set_facts(report_facts(report))
        self._parts(facts=True, strip=bool(self.strip.shown()))
        for frame in (
            _personal_box(report),
            _skipped_box(report),
            _near_box(report),
            _remarks_box(report),
            _classes_box(report),
        ):
            if frame is not None:
                self._column.insertWidget(self._column.count() - 1, frame)
                self._made.append(frame)

    # ---- inside

    def _parts(self, **shown: bool) -> None:
        for name in ("bar", "strip", "facts", "again"):
            getattr(self, name).setVisible(shown.get(name, False))

    def _say(self, text: str) -> None:
        self.under.setText(text)
        self.under.setVisible(bool(text))

    def _forget(self) -> None:
        for frame in self._made:
            self._column.removeWidget(frame)
            frame.hide()
            frame.deleteLater()
        self._made = []
        for old in self._excerpts:
            self.excerpts.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._excerpts = []

    def _show_first(self, report: Report, pictures: dict[int, bytes]) -> None:
        if report.kind != "image":
            self.strip.lay_out([])
            for example in report.examples[:EXCERPTS]:
                told = note(f"{example.name}   {_short(example.excerpt or example.caption)}")
                self.excerpts.addWidget(told)
                self._excerpts.append(told)
            return
        shown = [
            Shown(e.label or e.caption, "\n".join(w for w in (e.name, e.label, e.caption) if w))
            for e in report.examples[: len(pictures)]
        ]
        self.strip.lay_out(shown)
        for index, png in sorted(pictures.items()):
            self.strip.put(index, from_png(png))


def headline(report: Report) -> str:
    """`7,971 pictures in 65 classes`."""
    text = words.things(report.kind, report.total)
    if len(report.classes) > 1:
        text += f" in {several(len(report.classes), 'class', 'classes')}"
    return text


def report_facts(report: Report) -> list[tuple[str, str]]:
    """The report in label and value."""
    held = f"{number(report.count - report.valid_count)} to learn from"
    if report.valid_count:
        held += f", {number(report.valid_count)} held out to judge by"
    if report.test_count:
        held += f", {number(report.test_count)} for tests"
    colours = words.COLOURS.get(report.channels, "")
    shortest = f"{report.size} px at least, {colours}".rstrip(", ") if report.size else ""
    captions = "all have one" if report.captions >= report.total else number(report.captions)
    none = "none found" if report.kind == "image" else ""
    return [
        ("Size", shortest),
        ("Captions", captions if report.captions else none),
        ("Split", held),
        ("On disk", size(report.bytes) if report.bytes else ""),
    ]


def _personal_box(report: Report) -> QFrame | None:
    if not report.personal:
        return None
    frame, column = box()
    column.addLayout(_sign("warning", "amber", "This may be about people"))
    column.addWidget(
        note(
            "These were found by their form and may be wrong. Faces are not looked for. "
            "Think twice before you share a model that learned from them."
        )
    )
    for why, count in report.personal.items():
        files = [f for f in report.findings if f.level == "personal" and f.why == why]
        text = f"{words.personal_words(why).capitalize()}: {number(count)}"
        column.addWidget(_fold(text, files, count))
    return frame


def _skipped_box(report: Report) -> QFrame | None:
    if not report.skipped:
        return None
    frame, column = box()
    column.addWidget(label(f"Skipped: {number(report.skipped)}"))
    groups = report.skipped_by or {"": report.skipped}
    for why, count in sorted(groups.items(), key=lambda pair: -pair[1]):
        text = f"{number(count)} {words.why_words(why)}"
        column.addWidget(_fold(text, report.files(why), count))
    return frame


def _near_box(report: Report) -> QFrame | None:
    found = report.files("near-duplicate", "info")
    if not report.near and not found:
        return None
    frame, column = box()
    count = report.near or len(found)
    text = f"{words.things(report.kind, count)} nearly the same as others"
    column.addWidget(_fold(text, found, count))
    return frame


def _remarks_box(report: Report) -> QFrame | None:
    found = [f for f in report.remarks() if f.why != "near-duplicate"]
    if not found:
        return None
    frame, column = box()
    for finding in found:
        warning = finding.level == "warning"
        sign, token = ("warning", "amber") if warning else ("info", "dim")
        text = finding.what[:1].upper() + finding.what[1:]
        column.addLayout(_sign(sign, token, f"{text} ({finding.file})" if finding.file else text))
    return frame


def _classes_box(report: Report) -> QFrame | None:
    if len(report.classes) < 2:
        return None
    frame, column = box()
    column.addWidget(label(several(len(report.classes), "class", "classes")))
    most = max(report.classes.values(), default=0)
    first = dict(list(report.classes.items())[:CLASSES_SHOWN])
    bars = CountBars("Classes")
    bars.set_counts(first, most)
    column.addWidget(bars)
    rest = dict(list(report.classes.items())[CLASSES_SHOWN:])
    if rest:
        fold = Folded(f"{number(len(rest))} more")
        others = CountBars("More classes")
        others.set_counts(rest, most)
        fold.body.addWidget(others)
        column.addWidget(fold)
    return frame


def _fold(text: str, files: Sequence[Finding], count: int) -> QWidget:
    """A line that opens the list of files; a plain line where no file is named."""
    files = [finding for finding in files if finding.file]
    if not files:
        return note(text)
    fold = Folded(text)
    fold.body.addWidget(FileList(text, files, count - len(files)))
    return fold


def _sign(icon: str, token: str, text: str) -> QHBoxLayout:
    sign, said = QLabel(), QLabel(text)
    sign.setPixmap(icons.pixmap(icon, 18, token, sign.devicePixelRatioF()))
    said.setWordWrap(True)
    said.setTextFormat(Qt.TextFormat.PlainText)
    if token == "amber":
        said.setProperty("role", "strong")
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(said, 1)
    return row


def _line(finding: Finding) -> str:
    if finding.file and finding.what:
        return f"{finding.file}   {finding.what}"
    return finding.file or finding.what


def _short(text: str) -> str:
    words_of = " ".join(text.split())
    return words_of if len(words_of) <= 120 else words_of[:119] + "…"
