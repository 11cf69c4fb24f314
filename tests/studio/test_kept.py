"""State files: the version before is kept, and only a good one."""

from __future__ import annotations

import pytest

from genstudio.core.errors import BadInput
from genstudio.studio import kept
from genstudio.studio.kept import Session


@pytest.fixture
def path(tmp_path):
    return tmp_path / "session.json"


def test_the_version_before_is_kept(path):
    for n in range(3):
        kept.write(path, Session(values={"n": n}))
    assert Session.read(path).values == {"n": 2}
    assert Session.read(kept.previous(path)).values == {"n": 1}


def test_what_was_damaged_meanwhile_does_not_become_the_version_before(path):
    kept.write(path, Session(values={"n": 0}))
    kept.write(path, Session(values={"n": 1}))
    path.write_bytes(path.read_bytes().replace(b'"n":1', b'"n":7'))
    with pytest.raises(BadInput):
        Session.read(path)
    kept.write(path, Session(values={"n": 2}))
    assert Session.read(path).values == {"n": 2}
    assert Session.read(kept.previous(path)).values == {"n": 0}


def test_what_another_process_wrote_well_becomes_the_version_before(path):
    kept.write(path, Session(values={"n": 0}))
    path.write_bytes(Session(values={"n": 5}).to_bytes())
    kept.write(path, Session(values={"n": 6}))
    assert Session.read(kept.previous(path)).values == {"n": 5}


def test_what_this_process_wrote_is_not_read_again(path, monkeypatch):
    kept.write(path, Session(values={"n": 0}))
    monkeypatch.setattr(Session, "from_bytes", lambda *_words: pytest.fail("read again"))
    kept.write(path, Session(values={"n": 1}))
    assert kept.previous(path).is_file()


def test_a_damaged_file_is_kept_aside_and_the_version_before_used(path):
    kept.write(path, Session(values={"n": 0}))
    kept.write(path, Session(values={"n": 1}))
    path.write_bytes(b"{")
    found, problem = kept.read(Session, path, Session())
    assert found.values == {"n": 0}
    assert problem is not None
    assert "damaged" in problem.what
    assert path.with_name("session.json.damaged").read_bytes() == b"{"
