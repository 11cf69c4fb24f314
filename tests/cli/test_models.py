"""`models`: list, show, verify, export, import, remove."""

from __future__ import annotations

import zipfile

import pytest

from genstudio.cli.models import flag_of, range_of, score_row
from genstudio.core.controls import Choice, Float, ImageInput, Int, Seed, Switch
from genstudio.core.manifest import Score


def test_list(cli):
    done = cli("models", "list")
    assert done.code == 0
    assert "tiny-gan" in done.out
    assert "yours" in done.out
    found = cli("models", "list", "--json").events[-1]["data"]["models"]
    assert {"tiny-gan", "tiny-vae", "tiny-classifier"} <= {model["id"] for model in found}


def test_list_names_a_broken_package(cli, tiny_copy):
    (tiny_copy.models / "tiny-gan" / "model.json").write_bytes(b"{")
    done = cli("models", "list")
    assert done.code == 0
    assert "warning:" in done.err
    assert "tiny-gan" in done.err
    assert "tiny-vae" in done.out


def test_show(cli):
    done = cli("models", "show", "tiny-vae")
    assert done.code == 0
    for words in ("family     vae", "--count N", "--set temperature=", "--input image=FILE"):
        assert words in done.out
    assert (
        cli("models", "show", "tiny-vae", "--json").events[0]["data"]["model"]["id"] == "tiny-vae"
    )


def test_unknown_model_names_those_that_are_there(cli):
    done = cli("models", "show", "nope")
    assert done.code == 1
    assert "tiny-gan" in done.err


def test_verify_finds_a_flipped_bit(cli, tiny_copy):
    assert cli("models", "verify", "tiny-gan").code == 0
    weights = tiny_copy.models / "tiny-gan" / "weights.safetensors"
    data = bytearray(weights.read_bytes())
    data[len(data) // 2] ^= 1
    weights.write_bytes(data)
    done = cli("models", "verify", "tiny-gan")
    assert done.code == 1
    assert "weights.safetensors" in done.err


def test_export_remove_import(cli, tiny_copy, tmp_path):
    pack = tmp_path / "gan ü.zip"
    assert cli("models", "export", "tiny-gan", pack).out.strip() == str(pack)
    assert cli("models", "import", pack).code == 1, "it is installed already"
    assert cli("models", "remove", "tiny-gan").code == 0
    assert cli("models", "show", "tiny-gan").code == 1
    done = cli("models", "import", pack)
    assert (done.code, done.out.strip()) == (0, "tiny-gan")
    assert cli("generate", "tiny-gan", "--count", 1, "--out", tmp_path).code == 0


def test_a_package_that_fails_its_probe_is_taken_out_again(cli, tiny_copy, tmp_path):
    import hashlib
    import io
    import json

    import numpy as np

    folder = tiny_copy.models / "tiny-gan"
    with np.load(folder / "probe.npz") as probe:
        wrong = {k: v + 1 if "/out/" in k else v for k, v in probe.items()}
    buffer = io.BytesIO()
    np.savez(buffer, **wrong)
    (folder / "probe.npz").write_bytes(buffer.getvalue())
    manifest = json.loads((folder / "model.json").read_bytes())
    for entry in manifest["files"]:
        if entry["name"] == "probe.npz":
            entry["size"] = len(buffer.getvalue())
            entry["sha256"] = hashlib.sha256(buffer.getvalue()).hexdigest()
    (folder / "model.json").write_text(json.dumps(manifest))
    folder.rename(tmp_path / "tiny-gan")
    done = cli("models", "import", tmp_path / "tiny-gan")
    assert done.code == 1
    assert cli("models", "show", "tiny-gan").code == 1


def test_import_refuses_what_is_no_package(cli, tmp_path):
    evil = tmp_path / "evil.zip"
    with zipfile.ZipFile(evil, "w") as archive:
        archive.writestr("../model.json", "{}")
    for path in (evil, tmp_path / "absent.zip", tmp_path):
        done = cli("models", "import", path)
        assert done.code in (1, 2)
        assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("control", "flag", "words"),
    [
        (
            Int(name="count", label="C", default=2, low=1, high=4294967295),
            "--count N",
            " (1 to 4294967295; default 2)",
        ),
        (
            Float(name="t", label="T", default=0.5, low=0, high=1),
            "--set t=…",
            " (0 to 1; default 0.5)",
        ),
        (Switch(name="loop", label="L", default=True), "--set loop=…", " (default on)"),
        (
            Choice(name="c", label="C", default="a", options=("a", "b")),
            "--set c=…",
            " (a, b; default a)",
        ),
        (Seed(name="seed", label="S"), "--seed N", ""),
        (ImageInput(name="image", label="I", required=False), "--input image=FILE", " (optional)"),
    ],
)
def test_controls_in_words(control, flag, words):
    assert flag_of(control) == flag
    assert range_of(control) == words


def test_score_in_words():
    score = Score(metric="frechet", value=3.14159, low=3.0, high=3.3, floor=0.1, unit="")
    assert score_row(score) == ("frechet", "3.142", "3 to 3.3", "0.1")
    assert score_row(Score(metric="speed", value=10, unit="images/s")) == (
        "speed",
        "10 images/s",
        "",
        "",
    )
