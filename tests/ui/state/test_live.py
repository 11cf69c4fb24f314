"""One live request at a time, the newest wish next."""

from __future__ import annotations

from genstudio.ui.state import live
from genstudio.ui.state.live import LiveLoop


class _Sent(list):
    def __call__(self, wish) -> str:
        self.append(wish)
        return f"j{len(self)}"


def test_wishes_between_are_forgotten(qapp):
    sent = _Sent()
    loop = LiveLoop(sent)
    for wish in range(5):
        loop.want(wish)
    assert sent == [0]
    assert loop.busy
    loop.answered("other")
    assert sent == [0]
    loop.answered("j1")
    assert sent == [0, 4]
    loop.answered("j2")
    assert not loop.busy


def test_urgent_wishes_do_not_wait(qapp):
    sent = _Sent()
    loop = LiveLoop(sent)
    loop.want("grid")
    loop.want("one", urgent=True)
    assert sent == ["grid", "one"]
    assert loop.job == "j2"


def test_a_refused_wish_does_not_block_the_next(qapp):
    loop = LiveLoop(lambda wish: "")
    loop.want(1)
    assert not loop.busy


def test_stop_forgets_everything(qapp):
    sent = _Sent()
    loop = LiveLoop(sent)
    loop.want(1)
    loop.want(2)
    loop.stop()
    loop.answered("j1")
    assert sent == [1]


def test_an_answer_that_never_comes_is_given_up(qtbot, monkeypatch):
    monkeypatch.setattr(live, "PATIENCE_MS", 20)
    sent = _Sent()
    loop = LiveLoop(sent)
    loop.want(1)
    loop.want(2)
    qtbot.waitUntil(lambda: sent == [1, 2], timeout=3000)
