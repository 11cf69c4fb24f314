"""`evaluate`: scores in a table, in JSON and on the card."""

from __future__ import annotations

import json

from genstudio.cli.evaluate import scores


def test_scores_are_shown_and_kept(cli, tiny_copy):
    words = ("--data", "shapes", "--samples", 32, "--metric", "frechet", "--metric", "speed")
    done = cli("evaluate", "tiny-vae", *words)
    assert done.code == 0, done.err
    assert "frechet" in done.out
    assert "speed" in done.out
    manifest = json.loads((tiny_copy.models / "tiny-vae" / "model.json").read_bytes())
    assert {"frechet", "speed"} <= {score["metric"] for score in manifest["scores"]}
    assert "frechet" in cli("models", "show", "tiny-vae").out
    assert cli("models", "verify", "tiny-vae").code == 0


def test_sentences(cli):
    for words, code, sentence in (
        (("tiny-vae",), 2, "--data"),
        (("nope", "--data", "shapes"), 1, "nope"),
        (("tiny-vae", "--data", "nope"), 1, "nope"),
        (("tiny-vae", "--data", "shapes", "--samples", "2"), 2, "--samples"),
    ):
        done = cli("evaluate", *words)
        assert done.code == code, done.err
        assert sentence in done.err
        assert "Traceback" not in done.err


def test_unknown_metric_names_the_known_ones(cli):
    done = cli("evaluate", "tiny-vae", "--data", "shapes", "--metric", "beauty")
    assert done.code in (1, 2)
    assert "frechet" in done.err


def test_foreign_scores_are_left_out():
    assert scores({"scores": "none"}) == []
    assert scores({"scores": [{"metric": "m", "value": 1.0}]})[0].metric == "m"
