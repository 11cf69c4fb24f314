"""`models fast`: making, showing and deleting a fast copy from the command line."""

from __future__ import annotations

from genstudio.core import fast
from genstudio.core.manifest import MANIFEST, Manifest


def test_a_copy_is_made_used_and_deleted(cli, tiny_copy, tmp_path):
    manifest = Manifest.read(tiny_copy.models / "tiny-diffusion" / MANIFEST)
    done = cli("models", "fast", "tiny-diffusion", "--samples", "8", "--json")
    assert done.code == 0
    record = fast.read(tiny_copy, manifest)
    assert done.events[-1]["data"]["fast"]["psnr"] == record.psnr
    out = tmp_path / "out"
    made = cli(
        "generate", "tiny-diffusion", "--count", 1, "--set", "fast=on", "--set", "steps=2",
        "--out", out,
    )  # fmt: skip
    assert made.code == 0
    assert len(list(out.iterdir())) == 1
    assert ("no fast copy" in made.err) == bool(record.refused)
    gone = cli("models", "fast", "tiny-diffusion", "--remove")
    assert gone.out.strip() == "tiny-diffusion has no fast copy any more."
    assert fast.read(tiny_copy, manifest) is None
    assert cli("models", "fast", "tiny-diffusion", "--remove").out.strip() == (
        "tiny-diffusion had none."
    )


def test_a_model_that_gains_nothing_is_a_usage_error(cli):
    done = cli("models", "fast", "tiny-gan")
    assert done.code == 2
    assert "gains nothing" in done.err


def test_an_unknown_model_is_named(cli):
    assert "nope" in cli("models", "fast", "nope").err
