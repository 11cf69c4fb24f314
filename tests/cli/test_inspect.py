"""`inspect`: what a file says about itself, without believing it."""

from __future__ import annotations

import io
import zipfile

from PIL import Image, PngImagePlugin

from genstudio.cli.inspect import lines
from genstudio.media import midi, musicxml_out
from tests.helpers import foreign
from tests.helpers.pieces import chorale


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


def test_settings_of_other_programs_are_told_in_words(cli, tmp_path):
    place = tmp_path / "castle.png"
    place.write_bytes(foreign.png(foreign.TEXTS["comfy"]))
    before = place.read_bytes()
    done = cli("inspect", place)
    assert done.code == 0
    lines = [line.split(maxsplit=1) for line in done.out.splitlines()]
    assert ["Prompt", "a castle on a hill"] in lines
    assert ["Steps", "20"] in lines
    assert ["software", "ComfyUI"] in lines
    assert ["level", "full"] in lines
    assert "class_type" not in done.out
    facts = cli("inspect", place, "--json").events[-1]["data"]
    assert facts["settings"]["seed"] == 156680208700286
    assert facts["foreign"]["prompt"]["9"]["class_type"] == "SaveImage"
    assert place.read_bytes() == before


def test_prompts_of_several_lines_stay_together(cli, tmp_path):
    place = tmp_path / "lines.png"
    place.write_bytes(foreign.png({"parameters": "a\nb\x1b\nSteps: 1, Seed: 2, Size: 3x4"}))
    out = cli("inspect", place).out.splitlines()
    row = next(i for i, line in enumerate(out) if line.strip().startswith("Prompt"))
    assert out[row + 1].strip().startswith("b")
    assert out[row + 1].index("b") == out[row].index("a", out[row].index("Prompt") + 6)
    assert "\x1b" not in "".join(out)


def test_a_score_is_told_in_words(cli, tmp_path):
    path = tmp_path / "song.musicxml"
    path.write_bytes(musicxml_out.write(chorale(2, 2), {"model": "voices"}, "trained"))
    packed = tmp_path / "song.mxl"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(path, "score.xml")
    (tmp_path / "song.mid").write_bytes(midi.write(chorale(2, 2)))
    for name in ("song.musicxml", "song.mxl", "song.mid"):
        done = cli("inspect", tmp_path / name)
        assert done.code == 0, done.err
        for words in ("Soprano (String ensemble 1", "C major", "4/4", "96 quarters a minute"):
            assert words in done.out, name
    assert "trainedAlgorithmicMedia" in cli("inspect", packed).out
    facts = cli("inspect", path, "--json").events[-1]["data"]
    assert facts["piece"]["notes"] == len(chorale(2, 2).notes)
