"""The style sheet, generated from tokens. No colour is written anywhere else.

Kept small on purpose: what needs drawing of its own (switch, select arrow, slider) paints itself.
"""

from __future__ import annotations

from dataclasses import asdict
from string import Template

from genstudio.ui.theme import RADIUS, RADIUS_BOX, Tokens

_SHEET = Template("""
QWidget { color: $text; }
QMainWindow, QDialog { background: $window; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 8px; }
QLabel[role="title"] { font-size: 15px; font-weight: 600; }
QLabel[role="hero"] { font-size: 19px; font-weight: 600; }
QLabel[role="label"] { font-size: 12px; font-weight: 600; color: $dim; }
QLabel[role="dim"] { color: $dim; }
QLabel[role="small"] { color: $dim; font-size: 12px; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="good"] { color: $good; }
QLabel[role="amber"] { color: $amber; }
QLabel[role="red"] { color: $red; }

QWidget#rail, QWidget#ask { background: $panel; border-right: 1px solid $line; }
QWidget#status { background: $panel; border-top: 1px solid $line; }
QWidget#answer { background: $window; }
QFrame[box="true"] { background: $panel; border: 1px solid $line; border-radius: ${box}px; }
QFrame[box="raised"] { background: $raised; border: 1px solid $line; border-radius: ${box}px; }
QFrame#line { background: $line; border: none; max-height: 1px; min-height: 1px; }

QPushButton { background: $raised; border: 1px solid $line; border-radius: ${radius}px;
  padding: 0 12px; min-height: 30px; font-weight: 600; }
QPushButton:hover { background: $hover; }
QPushButton:pressed, QPushButton:checked { background: $wash; border-color: $accent; }
QPushButton:disabled { color: $dim; }
QPushButton::menu-indicator { image: none; width: 0; }
QPushButton[kind="primary"] { background: $fill; border: 1px solid $fill; color: $on_fill;
  min-height: 36px; }
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed {
  background: $fill_hover; border-color: $fill_hover; }
QPushButton[kind="primary"]:disabled { background: $raised; border-color: $line; color: $dim; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; color: $dim;
  padding: 0 8px; font-weight: 400; }
QPushButton[kind="quiet"]:hover { background: $hover; color: $text; }
QPushButton[kind="quiet"]:checked { background: $wash; color: $text; }
QPushButton[kind="danger"] { color: $red; }
QPushButton[kind="quiet"]:disabled, QPushButton[kind="fold"]:disabled,
QPushButton[kind="pill"]:disabled { color: $faint; background: transparent; }
QPushButton[kind="danger"]:disabled { color: $dim; }
QPushButton[kind="pill"] { border-radius: 13px; min-height: 24px; padding: 0 11px;
  background: transparent; color: $dim; font-weight: 400; }
QPushButton[kind="pill"]:hover { background: $hover; color: $text; }
QPushButton[kind="pill"]:checked { background: $hover; color: $text; border-color: $line; }
QPushButton[kind="fold"] { background: transparent; border: none; color: $dim; padding: 0 4px;
  min-height: 24px; font-size: 12px; font-weight: 600; text-align: left; }
QPushButton[kind="fold"]:hover { color: $text; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox { background: $raised;
  border: 1px solid $line; border-radius: ${radius}px; padding: 0 9px; min-height: 30px;
  selection-background-color: $fill; selection-color: $on_fill; }
QPlainTextEdit, QTextEdit { padding: 6px 7px; }
QLineEdit:hover, QPlainTextEdit:hover, QSpinBox:hover, QDoubleSpinBox:hover { background: $hover; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus {
  border-color: $accent; }
QPlainTextEdit#writing, QPlainTextEdit#writing:hover, QPlainTextEdit#writing:focus {
  background: transparent; border: none; padding: 0; }
QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled { color: $dim; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { background: transparent; border: none; padding: 0;
  min-height: 0; }
QLineEdit[bare="true"] { background: transparent; border: none; padding: 0; min-height: 0; }
QComboBox { background: $raised; border: 1px solid $line; border-radius: ${radius}px;
  padding: 0 28px 0 10px; min-height: 30px; }
QComboBox[small="true"] { min-height: 24px; border-radius: 13px; }
QComboBox:hover { background: $hover; }
QComboBox:focus, QComboBox:on { border-color: $accent; }
QComboBox:disabled { color: $dim; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView, QMenu { background: $raised; border: 1px solid $line;
  border-radius: ${radius}px; padding: 4px; outline: none; }
QComboBox QAbstractItemView::item { min-height: 28px; border-radius: 6px; padding: 0 8px; }
QComboBox QAbstractItemView::item:hover, QComboBox QAbstractItemView::item:selected {
  background: $wash; color: $text; }
QMenu::item { padding: 6px 28px 6px 12px; border-radius: 6px; }
QMenu::item:selected { background: $wash; color: $text; }
QMenu::item:disabled { color: $dim; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }

QScrollArea, QAbstractScrollArea#plain, QScrollArea > QWidget > QWidget#page {
  background: transparent; border: none; }
QListView, QTreeView, QTableView { background: transparent; border: none; outline: none;
  selection-background-color: $wash; selection-color: $text; }
QListView#popup { background: $raised; border: 1px solid $line; border-radius: ${radius}px;
  padding: 4px; }
QListView#popup::item { border-radius: 6px; padding: 0 8px; }
QListView#popup::item:hover, QListView#popup::item:selected { background: $wash; color: $text; }
QTableView#notes::item { padding: 0 5px; }
QHeaderView::section { background: transparent; color: $dim; border: none; padding: 4px 8px; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 2px; }
QScrollBar::handle { background: $line; border-radius: 3px; min-height: 32px; min-width: 32px; }
QScrollBar::handle:hover { background: $dim; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QProgressBar { background: $line; border: none; border-radius: 3px; max-height: 6px;
  min-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QSplitter::handle { background: $line; }
""")


def build(tokens: Tokens) -> str:
    """The style sheet of a theme."""
    colours = {name: f"#{value}" for name, value in asdict(tokens).items()}
    return _SHEET.substitute(colours, radius=RADIUS, box=RADIUS_BOX)
