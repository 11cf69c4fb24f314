"""Context: where models are looked for, what is shared by jobs, what a stop means."""

import mmap
import sys

import pytest

from genstudio.core.errors import GenStudioError, UsageError
from genstudio.core.events import Done, Progress
from genstudio.core.paths import Home
from genstudio.workers import context, inline, memory
from genstudio.workers.context import Context, Stopped


@pytest.fixture
def places(tmp_path, monkeypatch):
    """A data folder and the program's models: "both" in both, one more in each."""
    home, bundled = Home(tmp_path / "home"), tmp_path / "bundled"
    monkeypatch.setattr(context, "bundled_models", lambda: bundled)
    for place, names in ((home.models, ("both", "own")), (bundled, ("both", "ours"))):
        for name in names:
            (place / name).mkdir(parents=True)
            (place / name / "model.json").write_text("{}")
    (home.models / "no-package").mkdir()
    return home, bundled


def test_installed_models_come_before_those_of_the_program(places):
    home, bundled = places
    assert context.model_folder(home, "both") == home.models / "both"
    assert context.model_folder(home, "ours") == bundled / "ours"
    listed = [path.name for path in context.package_folders(home)]
    assert listed == ["both", "own", "both", "ours"]


@pytest.mark.parametrize("name", ["no-package", "nobody", ""])
def test_a_folder_without_a_manifest_is_no_model(places, name):
    with pytest.raises(GenStudioError, match="There is no model") as caught:
        context.model_folder(places[0], name)
    assert caught.value.problem.kind == "not-found"
    assert "models list" in caught.value.problem.next_step


def test_an_empty_data_folder_has_no_packages(tmp_path, monkeypatch):
    monkeypatch.setattr(context, "bundled_models", lambda: tmp_path / "none")
    assert context.package_folders(Home(tmp_path / "home")) == []


def test_contexts_share_nothing_by_accident(tmp_path):
    a, b = Context(Home(tmp_path), tmp_path), Context(Home(tmp_path), tmp_path)
    a.kept["model"] = 1
    a.cancel()
    assert b.kept == {}
    assert not b.cancelled
    b.check()
    with pytest.raises(Stopped) as caught:
        a.check()
    assert caught.value.problem.kind == "cancelled"


def test_hooks_may_add_hooks(tmp_path):
    """A hook runs outside the lock: one that registers another must not wait for itself."""
    found, called = Context(Home(tmp_path), tmp_path), []
    found.on_cancel(lambda: found.on_cancel(lambda: called.append("inner")))
    found.cancel()
    assert called == ["inner"]


def test_what_is_kept_lives_from_job_to_job(tmp_path, monkeypatch):
    def count(message, context):
        context.kept["jobs"] = context.kept.get("jobs", 0) + 1
        yield Progress(done=context.kept["jobs"])

    monkeypatch.setattr(inline, "works", lambda role: {"count": count})
    kept: dict = {}
    for number in (1, 2):
        first, last = inline.run("files", "count", {}, Home(tmp_path), kept=kept)
        assert first.done == number
        assert isinstance(last, Done)
        assert last.seconds >= 0
    alone = next(inline.run("files", "count", {}, Home(tmp_path)))
    assert alone.done == 1


@pytest.mark.parametrize("role", ["", "files2", "../files", "context"])
def test_only_known_roles_are_imported(role):
    with pytest.raises(UsageError, match="known: generate, train, files"):
        inline.works(role)


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS tells the peak only")
def test_resident_memory_grows_with_what_is_held():
    before = memory.resident_bytes()
    # Pages of its own: what the process freed before would be used again unnoticed.
    with mmap.mmap(-1, 64 * 2**20) as held:
        held.write(b"x" * len(held))
        assert memory.resident_bytes() - before > 32 * 2**20


def test_no_step_back_changes_nothing(monkeypatch):
    monkeypatch.setattr(memory.os, "nice", lambda steps: pytest.fail("priority was changed"))
    memory.lower_priority(0)
