"""A Text panel over a studio that answers when the test says so."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from genstudio.core import writing
from genstudio.core.events import Done, Result, Words
from genstudio.ui.panels.text import TextPanel
from genstudio.ui.state.studio_state import StudioState
from tests.helpers.fake_studio import FakeBridge, FakeModel, FakeStudio

CONFIG = {"fim": True, "fingerprints": True, "tokenizer": "bpe", "context": 256}
TOKENS = [
    {"t": " upon", "p": 0.9, "top": [[" upon", 0.9], [" there", 0.05]]},
    {"t": " a", "p": 0.5, "top": [[" a", 0.5]]},
    {"t": " time", "p": 0.004, "top": [[" hill", 0.4], [" time", 0.004]]},
]


class TextDesk:
    """`panel` in `window`; `write` continues, `answer` answers what was asked about the text."""

    def __init__(self, qtbot, home):
        self.studio = FakeStudio(home)
        model = FakeModel("writer", "Writer", writing.tasks(CONFIG), modality="text", config=CONFIG)
        self.studio.library.models.append(model)
        self.bridge = FakeBridge()
        self.state = StudioState(self.studio, self.bridge)
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.panel = TextPanel(self.state)
        row = QHBoxLayout(self.window)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.panel)
        self.window.resize(1280, 800)
        self.window.show()
        self.edit, self.inside = self.panel.page.edit, self.panel.inside
        self.edit.setFocus()

    def emit(self, event):
        self.bridge.event.emit(event)

    def type(self, text):
        self.edit.insert_passage(self.edit.length(), self.edit.length(), text, 0)
        self.edit.select(self.edit.length())

    def write(self, tokens=TOKENS, keep=True):
        """The model continues at the cursor."""
        assert self.panel.write()
        job = self.state.writing.job
        text = "".join(token["t"] for token in tokens)
        self.emit(Words(job=job, index=0, text=text, data={"tokens": tokens}))
        self.emit(Done(job=job))
        if keep:
            self.edit.accept_draft()

    def answer(self, **data):
        """The answer to what was asked about the text."""
        job = self.state.inside._asked[0]
        self.emit(Result(job=job, path="", output="report", data=data))
        self.emit(Done(job=job))

    @property
    def asked(self):
        return self.studio.queue.last.request

    def tokens(self):
        return [(a, b, chance.p) for a, b, chance in self.inside.layer.tokens()]

    def close(self):
        self.panel.page.counter.stop()
        self.panel.page.selection.dismiss()
        self.state.close()
        self.studio.documents.close()
        self.studio.versions.close()
