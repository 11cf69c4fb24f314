"""`inspect`: what a file says about itself, without believing it."""

from __future__ import annotations

import io

from PIL import Image, PngImagePlugin

from genstudio.cli.inspect import lines


def test_our_own_picture(cli, tmp_path):
    assert cli("generate", "tiny-gan", "--count", 1, "--seed", 7, "--out", tmp_path).code == 0
    made = tmp_path / "tiny-gan-7-0.png"
    done = cli("inspect", made)
    assert done.code == 0
    for words in ("tiny-gan", "seed           7", "trainedAlgorithmicMedia"):
        assert words in done.out
    assert "provenance" not in done.out
    facts = cli("inspect", made, "--json").events[-1]["data"]
    assert facts["provenance"]["request"]["seed"] == 7


def test_a_foreign_picture_cannot_steer_the_terminal(cli, tmp_path):
    facts = PngImagePlugin.PngInfo()
    text = "a \x1b[2Jcat\nNegative prompt: dog\nSteps: 5, Sampler: Euler, CFG scale: 7, Seed: 9"
    facts.add_text("parameters", text)
    buffer = io.BytesIO()
    Image.new("L", (16, 16)).save(buffer, "PNG", pnginfo=facts)
    (tmp_path / "foreign.png").write_bytes(buffer.getvalue())
    done = cli("inspect", tmp_path / "foreign.png")
    assert done.code == 0
    assert "\x1b" not in done.out
    assert "cat" in done.out


def test_other_files(cli, tmp_path, tiny_copy):
    assert cli("inspect", tiny_copy.models / "tiny-gan").code == 0
    (tmp_path / "noise.bin").write_bytes(bytes(range(256)))
    done = cli("inspect", tmp_path / "noise.bin")
    assert "Traceback" not in done.err
    assert cli("inspect", tmp_path / "gone.png").code == 1


def test_lines_leave_out_what_is_empty():
    value = {"a": 1, "b": "", "c": {"d": [1, 2], "e": {}}, "f": "x\x07y"}
    assert lines("", value) == [
        "a              1",
        "c",
        "  d              1, 2",
        "f              x\N{REPLACEMENT CHARACTER}y",
    ]
