"""The record of a fast copy: where it lies, when it counts, what it says."""

import pytest

from genstudio.core import fast
from genstudio.core.manifest import WEIGHTS, FileEntry, Graph, Manifest
from genstudio.core.paths import Home


def manifest(weights: str = "a", name: str = "small") -> Manifest:
    files = tuple(
        FileEntry(name=file, size=1, sha256=mark * 64)
        for file, mark in ((WEIGHTS, weights), ("unet.onnx", "b"), ("card.md", "c"))
    )
    graph = Graph(name="unet", file="unet.onnx", inputs=(), outputs=())
    return Manifest(
        id=name, title="Small", family="diffusion", modality="image", config={},
        graphs=(graph,), files=files,
    )  # fmt: skip


def copy(of: Manifest, **more) -> fast.FastCopy:
    facts = {"times": 1.8, "psnr": 31.2, "samples": 48, **more}
    return fast.FastCopy(model=of.id, key=fast.key(of), **facts)


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path)


def test_kept_and_read_again(home):
    mine = manifest()
    fast.keep(home, mine, copy(mine), {"unet": b"graph"})
    assert fast.read(home, mine) == copy(mine)
    assert fast.offered(home, mine) == copy(mine)
    assert (fast.folder(home, mine) / "unet.onnx").read_bytes() == b"graph"


def test_other_weights_have_no_copy_and_replace_the_old_one(home):
    old, new = manifest("a"), manifest("d")
    fast.keep(home, old, copy(old), {"unet": b"old"})
    assert fast.read(home, new) is None
    fast.keep(home, new, copy(new), {"unet": b"new"})
    assert [path.name for path in (home.root / "fast" / "small").iterdir()] == [fast.key(new)[:16]]
    assert fast.read(home, old) is None


def test_the_key_follows_weights_and_graphs_not_the_card():
    first = manifest()
    renamed = first.model_copy(
        update={"files": (*first.files[:2], FileEntry(name="card.md", size=9, sha256="e" * 64))}
    )
    assert fast.key(first) == fast.key(renamed)
    assert fast.key(first) != fast.key(manifest("d"))


def test_a_copy_of_another_model_is_not_taken(home):
    mine, other = manifest(), manifest(name="other")
    fast.keep(home, other, copy(other), {})
    assert fast.read(home, mine) is None


def test_a_damaged_record_counts_as_none(home):
    mine = manifest()
    fast.keep(home, mine, copy(mine), {})
    (fast.folder(home, mine) / fast.FAST_FILE).write_text("{")
    assert fast.read(home, mine) is None


def test_a_refused_copy_is_remembered_but_not_offered(home):
    mine = manifest()
    fast.keep(home, mine, copy(mine, refused="it is worse"), {})
    assert fast.offered(home, mine) is None
    assert fast.read(home, mine).refused == "it is worse"


def test_remove(home):
    mine = manifest()
    assert not fast.remove(home, "small")
    fast.keep(home, mine, copy(mine), {})
    assert fast.remove(home, "small")
    assert fast.read(home, mine) is None


@pytest.mark.parametrize(
    ("times", "psnr", "change", "words"),
    [
        (1.8, 31.0, 0.03, ""),
        (1.8, 31.0, None, ""),
        (1.8, 12.0, 0.0, "differ too much: 12 dB"),
        (1.8, 31.0, 0.25, "25 % larger, 10 % are the most"),
        (1.02, 31.0, 0.0, "only 1.02 times as fast"),
        (1.8, float("nan"), 0.0, "differ too much"),
    ],
)
def test_the_bounds(times, psnr, change, words):
    why = fast.why_refused(times, psnr, change)
    assert bool(why) == bool(words)
    assert words in why


def test_gain_and_loss_in_words():
    text = copy(manifest(), distance=1.03, floor=1.0, judge="general-judge").in_words()
    assert text == (
        "1.8 times as fast a step, pictures at 31 dB PSNR to the full ones, "
        "Fréchet distance +3 % (48 pictures, judge general-judge)"
    )
    assert "Fréchet" not in copy(manifest()).in_words()


def test_the_switch_is_off_and_folded_away():
    assert fast.SWITCH.default is False
    assert fast.SWITCH.more
