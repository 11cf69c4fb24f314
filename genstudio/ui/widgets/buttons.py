"""Buttons, pills, the switch and the select box, drawn our way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QComboBox,
    QFrame,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionButton,
    QWidget,
)

from genstudio.ui import icons
from genstudio.ui.theme import color, font, text_width
from genstudio.ui.widgets.flow import FlowLayout
from genstudio.ui.widgets.painting import painting

OptionWords = tuple[str, str] | tuple[str, str, str]
ASK_MS = 4000


@dataclass(frozen=True)
class _Kind:
    """How the words of one kind of button look; `lively` when hovered or checked."""

    pad: int
    size: int = 13
    weight: int = 600
    token: str = "text"
    lively: str = "text"
    disabled: str = "dim"
    left: bool = False


_KINDS = {
    "plain": _Kind(13),
    "primary": _Kind(13, token="on_fill", lively="on_fill"),
    "quiet": _Kind(9, weight=400, token="dim", disabled="faint"),
    "danger": _Kind(13, token="red", lively="red"),
    "pill": _Kind(12, weight=400, token="dim", disabled="faint"),
    "fold": _Kind(4, size=12, token="dim", disabled="faint", left=True),
}
_ICON, _ICON_GAP, _KEY_GAP = 18, 7, 12


class Button(QPushButton):
    """A push button that names what will happen; `key` is shown behind the text.

    The style sheet draws the ground; icon, words and key are drawn here, evenly spaced.
    """

    def __init__(
        self,
        text: str,
        icon: str = "",
        kind: str = "plain",
        key: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._icon, self._key = icon, key
        self.setProperty("kind", kind)
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def kind(self) -> str:
        """ "plain", "primary", "quiet", "danger", "pill" or "fold"."""
        return str(self.property("kind"))

    def set_text(self, text: str) -> None:
        """Other words, for the eye and for a screen reader."""
        self.setText(text)
        self.setAccessibleName(text)

    def set_key(self, key: str) -> None:
        """Show the key that does the same ("" for none)."""
        self._key = key
        self.updateGeometry()
        self.update()

    def set_icon(self, name: str) -> None:
        """Another icon ("" for none)."""
        self._icon = name
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for icon, words and key."""
        look = _KINDS[self.kind()]
        width = self._content_width() + 2 * look.pad
        return QSize(max(width, 36), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """The words are never cut."""
        return self.sizeHint()

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """Ground, icon, words, key."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
        look = _KINDS[self.kind()]
        lively = self.isChecked() or self.underMouse()
        token = look.disabled
        if self.isEnabled():
            token = look.lively if lively else look.token
        x = look.pad if look.left else (self.width() - self._content_width()) // 2
        if self._icon:
            place = QRect(x, (self.height() - _ICON) // 2, _ICON, _ICON)
            icons.paint(painter, self._icon, place, token)
            x += _ICON + (_ICON_GAP if self.text() else 0)
        painter.setPen(color(token))
        x = self._draw_text(painter, self.text(), font(look.size, look.weight), x)
        self._draw_text(painter, self._key, font(12), x + _KEY_GAP)

    def _draw_text(self, painter: QPainter, text: str, face: QFont, x: int) -> int:
        """Draw `text` at `x`; where it ends."""
        painter.setFont(face)
        width = QFontMetrics(face).horizontalAdvance(text)
        place = QRect(x, 0, width + 2, self.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
        return x + width

    def _content_width(self) -> int:
        look = _KINDS[self.kind()]
        width = text_width(self.text(), look.size, look.weight)
        if self._icon:
            width += _ICON + (_ICON_GAP if self.text() else 0)
        if self._key:
            width += _KEY_GAP + text_width(self._key, 12)
        return width


class Pill(Button):
    """A small rounded choice or filter."""

    def __init__(
        self, text: str, checkable: bool = True, icon: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, icon, "pill", "", parent)
        self.setCheckable(checkable)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)


class PillRow(QWidget):
    """One of a few choices, all in sight; left and right walk through them."""

    changed = Signal(str)

    def __init__(self, options: Sequence[OptionWords] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._pills: dict[str, Pill] = {}
        self._flow = FlowLayout(self, gap=6)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_options(options)

    def set_options(self, options: Sequence[OptionWords]) -> None:
        """Other choices; the first is taken when the one in force is gone."""
        before = self.value()
        for pill in self._pills.values():
            self._group.removeButton(pill)
            self._flow.removeWidget(pill)
            pill.hide()
            pill.deleteLater()
        self._pills = {}
        for value, label, *help_text in options:
            pill = Pill(label, parent=self)
            pill.setToolTip(help_text[0] if help_text else "")
            pill.clicked.connect(lambda _on=False, v=value: self.changed.emit(v))
            self._group.addButton(pill)
            self._flow.addWidget(pill)
            pill.setVisible(True)
            self._pills[value] = pill
        self.set_value(before if before in self._pills else next(iter(self._pills), ""))

    def value(self) -> str:
        """The choice in force."""
        return next((v for v, pill in self._pills.items() if pill.isChecked()), "")

    def set_value(self, value: str) -> None:
        """Choose without saying so; unknown values are ignored."""
        if value in self._pills:
            self._pills[value].setChecked(True)

    def pill(self, value: str) -> Pill:
        """The button of `value`; raises KeyError."""
        return self._pills[value]


class Switch(QAbstractButton):
    """On or off, as a small sliding knob with its words beside it."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """The knob and its words."""
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(38 + (words + 10 if words else 0), 32)

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """Draw track, knob and words."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(1.0 if self.isEnabled() else 0.5)
        top = (self.height() - 20) / 2
        track = QRectF(0.5, top + 0.5, 35, 19)
        on = self.isChecked()
        painter.setPen(color("fill" if on else "line"))
        painter.setBrush(color("fill" if on else "hover"))
        painter.drawRoundedRect(track, 9.5, 9.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("on_fill" if on else "dim"))
        painter.drawEllipse(QRectF(track.left() + (18.5 if on else 2.5), top + 3, 14, 14))
        painter.setPen(color("text"))
        painter.drawText(
            QRect(46, 0, self.width() - 46, self.height()),
            Qt.AlignmentFlag.AlignVCenter,
            self.text(),
        )


class Select(QComboBox):
    """One of many: a combo box with our arrow. Ignores the wheel unless it has the focus."""

    chosen = Signal(str)

    def __init__(self, options: Sequence[OptionWords] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self._dressed = False
        self.set_options(options)
        self.activated.connect(lambda _index: self.chosen.emit(self.value()))

    def set_options(self, options: Sequence[OptionWords]) -> None:
        """Other choices; keeps the value in force where it is still there."""
        before = self.value()
        self.clear()
        for value, label, *help_text in options:
            self.addItem(label, value)
            if help_text:
                self.setItemData(self.count() - 1, help_text[0], Qt.ItemDataRole.ToolTipRole)
        self.set_value(before)

    def value(self) -> str:
        """The value in force ("" when empty)."""
        return str(self.currentData() or "")

    def set_value(self, value: str) -> None:
        """Choose without saying so; unknown values are ignored."""
        index = self.findData(value)
        if index >= 0:
            self.setCurrentIndex(index)

    def showPopup(self) -> None:
        """Qt's own list draws no choice that one could see, and a dark frame round our corners."""
        if not self._dressed:
            self._dressed = True
            self.setItemDelegate(QStyledItemDelegate(self))
            frame = self.view().parentWidget()
            if isinstance(frame, QFrame):
                frame.setFrameShape(QFrame.Shape.NoFrame)
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling a form must not change its values."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The box, then our arrow."""
        super().paintEvent(event)
        self._paint_arrow(event)

    @painting
    def _paint_arrow(self, painter: QPainter) -> None:
        corner = QPoint(self.width() - 25, (self.height() - 16) // 2)
        icons.paint(painter, "chevron-down", QRect(corner, QSize(16, 16)), "dim")


class SureButton(Button):
    """For what cannot be undone: the first press asks, the second within a few seconds does."""

    sure = Signal()

    def __init__(self, text: str, question: str, parent: QWidget | None = None) -> None:
        super().__init__(text, kind="plain", parent=parent)
        self._words, self._question = text, question
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(ASK_MS)
        self._timer.timeout.connect(self.forget)
        self.clicked.connect(self._pressed)

    def asking(self) -> bool:
        """Whether the next press will do it."""
        return self._timer.isActive()

    def forget(self) -> None:
        """Back to the first words."""
        self._timer.stop()
        self.set_text(self._words)

    def _pressed(self) -> None:
        if self.asking():
            self.forget()
            self.sure.emit()
        else:
            self.set_text(self._question)
            self._timer.start()
