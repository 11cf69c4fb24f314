"""Foreign files are read by another process; whatever they do there ends as a sentence here."""

from __future__ import annotations

import threading

import pytest

from genstudio.core.artifact import Provenance
from genstudio.core.errors import GenStudioError, Problem
from genstudio.core.events import Cancelled, Done, Failed, Preview, Progress
from genstudio.core.paths import Home
from genstudio.core.request import Request
from genstudio.media import image
from genstudio.studio.looking import Asker, Looker
from tests.helpers import making


class Stub:
    """A Worker that answers at once with the given events."""

    def __init__(self, answers):
        self.answers, self.sent, self.closed = list(answers), [], False

    def __call__(self, role, home, on_event):
        assert role == "files"
        self.on_event = on_event
        return self

    def send(self, message):
        self.sent.append(message)
        for event in self.answers.pop(0):
            self.on_event(event.model_copy(update={"job": event.job or message.job}))

    def close(self):
        self.closed = True


@pytest.fixture
def real(tmp_path):
    looker = Looker(Home(tmp_path / "home"))
    yield looker
    looker.close()


def test_a_real_process_describes_and_shrinks(real, tmp_path):
    path = tmp_path / "名前 ü.png"
    path.write_bytes(image.png(making.picture(300, 200)))
    found = real.describe(path)
    assert (found.kind, found.path) == ("picture", path)
    content = real.picture(path, side=64)
    assert max(image.read(content).shape[:2]) == 64
    with pytest.raises(GenStudioError, match="gone"):
        real.describe(tmp_path / "gone.png")
    (tmp_path / "broken.png").write_bytes(b"no picture at all")
    with pytest.raises(GenStudioError, match=r"broken\.png"):
        real.picture(tmp_path / "broken.png")
    assert real.describe(path).kind == "picture", "the next look works"


def test_what_it_says_of_itself_arrives_typed(tmp_path):
    record = Provenance(request=Request(model="toy", task="sample", seed=4))
    facts = {
        "kind": "ours",
        "path": "x",
        "text": "Made here.",
        "provenance": record.model_dump(mode="json"),
        "width": 28,
    }
    looker = Looker(Home(tmp_path), Stub([[Progress(done=1), Done(data=facts)]]))
    found = looker.describe(tmp_path / "a.png")
    assert found.provenance == record
    assert (found.sentence, found.data) == ("Made here.", {"width": 28})
    looker.close()


def test_failures_keep_their_words(tmp_path):
    problem = Problem(kind="crash", what="The reader died", next_step="Try another file.")
    stub = Stub([[Failed(problem=problem)], [Cancelled()]])
    looker = Looker(Home(tmp_path), stub)
    with pytest.raises(GenStudioError) as caught:
        looker.describe(tmp_path / "a.png")
    assert caught.value.problem.sentence == "The reader died. Try another file."
    with pytest.raises(GenStudioError, match="stopped"):
        looker.picture(tmp_path / "a.png")
    looker.close()
    assert stub.closed


def test_late_ends_of_other_looks_are_passed_over(tmp_path):
    late = Failed(problem=Problem(what="old"), job="look-0")
    done = Done(data={"kind": "unknown", "text": "?", "path": "x"})
    looker = Looker(Home(tmp_path), Stub([[late, done]]))
    assert looker.describe(tmp_path / "a").kind == "unknown"
    looker.close()


def test_closing_without_a_look_starts_nothing(tmp_path):
    before = threading.active_count()
    Looker(Home(tmp_path / "home")).close()
    assert threading.active_count() == before
    assert not (tmp_path / "home").exists()


def test_pictures_on_the_way_are_heard_in_the_thread_that_asks(tmp_path):
    strange = Preview(job="look-99", index=7)
    events = [strange, Progress(done=1), Preview(index=0), Preview(index=1), Done(data={"a": 1})]
    asker = Asker(Home(tmp_path), Stub([events]))
    heard = []
    found = asker.ask("browse", {"name": "x"}, lambda event: heard.append(event))
    assert found == {"a": 1}
    assert [type(event).__name__ for event in heard] == ["Progress", "Preview", "Preview"]
    assert [e.index for e in heard if isinstance(e, Preview)] == [0, 1]
    asker.close()


def test_what_runs_can_be_stopped_from_another_thread(tmp_path):
    stub = Stub([[], [Done(data={"second": True})]])
    asker = Asker(Home(tmp_path), stub)
    ends = []

    def ask() -> None:
        try:
            asker.ask("browse", {})
        except GenStudioError as error:
            ends.append(error.problem.kind)

    thread = threading.Thread(target=ask)
    thread.start()
    while not stub.sent:
        thread.join(0.01)
    stub.cancel = lambda job: stub.on_event(Cancelled(job=job))
    asker.stop()
    thread.join(10)
    assert ends == ["cancelled"]
    assert asker.ask("browse", {}) == {"second": True}
    asker.close()


def test_the_words_of_a_text_come_from_the_spool(tmp_path):
    made = tmp_path / "made.txt"
    made.write_text("Once upon 😀", encoding="utf-8")
    looker = Looker(Home(tmp_path), Stub([[Done(data={"path": str(made)})]]))
    assert looker.words(tmp_path / "a.docx") == "Once upon 😀"
    assert not made.exists()
    looker.close()
