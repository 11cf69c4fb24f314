"""The details sheet: how a result was made, and exactly what its files say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from genstudio.core.artifact import Artifact
from genstudio.core.family import Task
from genstudio.core.request import Request
from genstudio.ui.panels.image_pages import facts_of
from genstudio.ui.state import words
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.facts import FactsView
from genstudio.ui.widgets.panel_frame import note, scrolled, title

if TYPE_CHECKING:
    from genstudio.studio.library import Model

WIDTH = 300


class DetailsSheet(QFrame):
    """Stands at the right of the results while it is wanted."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("details")
        self.setProperty("box", "true")
        self.setFixedWidth(WIDTH)
        self.setAccessibleName("Details")
        self.facts = FactsView()
        self.empty = note("Select a result to see how it was made.")
        self.close_button = Button("Close", kind="quiet")
        self.close_button.setAccessibleName("Close details")
        self.close_button.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.addWidget(title("Details"))
        head.addStretch(1)
        head.addWidget(self.close_button)
        page = QWidget()
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, 8, 0)
        inner.addWidget(self.empty)
        inner.addWidget(self.facts)
        inner.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 8, 12)
        column.addLayout(head)
        column.addWidget(scrolled(page), 1)
        self.show_artifact(None)

    def show_artifact(self, artifact: Artifact | None, model: Model | None = None) -> None:
        """The facts of one result, or a word when there is none."""
        self.empty.setVisible(artifact is None)
        self.facts.setVisible(artifact is not None)
        if artifact is not None:
            self.facts.set_facts(facts_list(artifact, model))


def facts_list(artifact: Artifact, model: Model | None = None) -> list[tuple[str, str]]:
    """Everything worth knowing of a result as (label, words); `model` lends its labels."""
    made = artifact.provenance
    request = made.request
    task = next((t for t in model.tasks if t.name == request.task), None) if model else None
    facts = [
        ("Model", model.title if model else made.title or request.model),
        ("Task", task.title if task else request.task),
        ("Seed", str(request.seed)),
        ("Number", str(made.index)),
        ("Made", words.moment(artifact.created)),
    ]
    facts += [(_label(name), _shown(value)) for name, value in facts_of(made.facts).items()][:12]
    facts += _settings(request, task, made.facts)
    facts += [(f"Input {name}", item.name) for name, item in made.inputs.items()]
    if made.group is not None:
        facts.append(("Part of", f"{made.group.title} ({made.group.name})"))
    if artifact.width:
        facts.append(("Size", f"{artifact.width} × {artifact.height} px"))
    facts += [
        ("File", f"{artifact.file.rsplit('.', 1)[-1].upper()}, {words.size(artifact.size)}"),
        ("Device", made.device),
        ("Trained on", ", ".join(made.data)),
        ("Licence", made.licence),
        ("Model hash", made.model_sha256[:16]),
        ("Made with", made.app),
    ]
    return [(label, text) for label, text in facts if text]


def _settings(
    request: Request, task: Task | None, told: Mapping[str, object]
) -> list[tuple[str, str]]:
    """The values as the form shows them; folded ones only where they were changed.

    What the result tells itself (`told`) is left out: the class drawn, not "any".
    """
    controls = {c.name: c for c in task.controls} if task else {}
    facts = []
    for name, value in request.values.items():
        control = controls.get(name)
        if name in told:
            continue
        if control is None:
            facts.append((_label(name), _shown(value)))
        elif not control.more or value != getattr(control, "default", None):
            options = getattr(control, "options", ())
            words_of = {option.value: option.label for option in options}
            facts.append((control.label, words_of.get(str(value), _shown(value))))
    return facts


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:.4g}" if isinstance(value, float) else f"{value}"
