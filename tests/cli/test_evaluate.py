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


def test_scores_of_a_model_of_the_program_stay_in_the_data_folder(cli, tiny_copy, monkeypatch):
    bundled = tiny_copy.root / "program"
    bundled.mkdir()
    (tiny_copy.models / "tiny-gan").rename(bundled / "tiny-gan")
    for module in ("genstudio.workers.context", "genstudio.studio.library"):
        monkeypatch.setattr(f"{module}.bundled_models", lambda: bundled)
    before = {path.name: path.read_bytes() for path in (bundled / "tiny-gan").iterdir()}
    words = ("tiny-gan", "--data", "shapes", "--samples", 32, "--metric", "copies", "--seed", 3)
    done = cli("evaluate", *words)
    assert done.code == 0, done.err
    after = {path.name: path.read_bytes() for path in (bundled / "tiny-gan").iterdir()}
    assert before == after
    assert "copies" in cli("models", "show", "tiny-gan").out
    shown = cli("models", "show", "tiny-gan", "--json").events[-1]["data"]["model"]["scores"]
    assert [score["settings"]["seed"] for score in shown] == [3]
    assert cli("evaluate", *words, "--rewrite").code == 0
    renewed = json.loads((bundled / "tiny-gan" / "model.json").read_bytes())
    assert [score["metric"] for score in renewed["scores"]] == ["copies"]


def test_the_sheet_of_nearest_pictures_is_named(cli, tiny_copy):
    words = ("tiny-gan", "--data", "shapes", "--samples", 32)
    done = cli("evaluate", *words, "--metric", "copies")
    sheet = tiny_copy.root / "evaluations" / "tiny-gan" / "nearest.png"
    assert sheet.is_file()
    assert str(sheet) in done.err
    assert not list((tiny_copy.models / "tiny-gan").glob("nearest*"))
    again = cli("evaluate", *words, "--metric", "speed", "--json")
    assert again.events[-1]["data"]["nearest"] == str(sheet)
    assert again.events[-1]["data"]["pairs"] == []


def test_the_judge_can_be_named(cli):
    words = ("tiny-gan", "--data", "shapes", "--samples", 32, "--metric", "frechet", "--json")
    plain, named = (
        cli("evaluate", *words, *more).events[-1]["data"]["scores"][0]["settings"]["extractor"]
        for more in ((), ("--judge", "general-judge"))
    )
    assert plain == "tiny-classifier"
    assert named == "general-judge"
    done = cli("evaluate", *words, "--judge", "nobody")
    assert done.code == 1
    assert "nobody" in done.out + done.err
