"""Training on text: tokenizer, config, live samples, package, resume, going on from a model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from genstudio.core.errors import UsageError
from genstudio.core.events import Done, Log, Metric, Preview, Result
from genstudio.core.manifest import FINGERPRINTS, PREVIEW, TOKENIZER, Manifest
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe
from genstudio.core.run import METRICS_FILE
from genstudio.datasets.texts import Doc, Texts
from genstudio.media import fingerprints, tokens
from genstudio.training import jobs, texts
from genstudio.training.answer_batches import AnswerBatches
from genstudio.training.plan import plan
from genstudio.training.setup import prepare
from tests.datasets.folders import add, fill, png
from tests.training import text_toys as toys
from tests.training.test_setup import finish


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A data folder with "book" (one text), "kinds" (two classes) and a trained model."""
    folder = tmp_path_factory.mktemp("texts")
    home = Home(folder / "home")
    add(home, fill(folder / "book", {"book.txt": toys.BOOK.encode()}), "book")
    sizes = (30, 31, 32)
    kinds = {f"{k}/{n}.txt": (k * n).encode() for k in ("ab", "cd") for n in sizes}
    add(home, fill(folder / "kinds", kinds), "kinds")
    return home


@pytest.fixture(scope="module")
def trained(home: Home) -> tuple[Path, list]:
    events = list(jobs.run_training(home, toys.recipe(), toys.part, device="cpu"))
    return home.runs / str(events[-1].data["run"]), events


def ready(home: Home, data: str = "book", run: Path | None = None, **fields: Any):
    recipe = toys.recipe(data).model_copy(update=fields)
    return finish(prepare(home, recipe, toys.part, None, "cpu", run))


def test_the_tokenizer_makes_the_config(home: Home) -> None:
    events, found = ready(home)
    signs = len(set(toys.BOOK)) + 4
    assert found.config == {
        "vocabulary": signs, "context": 16, "class_names": [], "fingerprints": True,
    }  # fmt: skip
    assert found.objective.tokenizer is found.data.tokenizer
    assert found.data.total == int(len(toys.BOOK) * 0.9)
    assert found.held.total == len(toys.BOOK) - found.data.total
    said = [event.text for event in events if isinstance(event, Log)]
    assert said == [f"Tokens: {signs} characters.", "1 texts, 1,728 tokens to learn from."]


def test_classes_become_tokens(home: Home) -> None:
    found = ready(home, "kinds")[1]
    assert found.config["class_names"] == ["ab", "cd"]
    assert found.data.tokenizer.specials[4:] == ("<|class:ab|>", "<|class:cd|>")
    assert sorted(found.data.labels) == [0, 0, 0, 1, 1, 1]
    plain = ready(home, "kinds", options={"conditional": False})[1]
    assert plain.config["class_names"] == []
    assert plain.data.tokenizer.specials[4:] == ()
    assert set(plain.data.labels) == {-1}


def test_options_say_how_windows_are_cut(home: Home) -> None:
    found = ready(home, options={"context": 5, "fim": True, "drop": 0.25})[1]
    windows = found.data.windows
    assert (windows.context, windows.fill, windows.drop) == (5, 0.5, 0.25)


def test_a_run_ends_as_a_package(home: Home, trained: tuple[Path, list]) -> None:
    run, events = trained
    assert isinstance(events[-1], Done)
    manifest = Manifest.read(run / "package" / "model.json")
    assert manifest.modality == "text"
    (data,) = manifest.trained_on
    assert (data.name, data.count, data.tokens) == ("book", 1, 1728)
    tokenizer = tokens.read((run / "package" / TOKENIZER).read_bytes())
    assert tokenizer.size == manifest.config["vocabulary"]
    assert {TOKENIZER, FINGERPRINTS, PREVIEW} <= {entry.name for entry in manifest.files}
    known = fingerprints.read((run / "package" / FINGERPRINTS).read_bytes())
    assert known.passages(toys.BOOK[:300])
    with Image.open(run / "package" / PREVIEW) as cover:
        assert cover.size == (512, 512)
    card = (run / "package" / "card.md").read_text()
    assert "1 text, 1,728 tokens" in card
    assert "picture" not in card.split("## Training")[0]


def test_live_samples_are_text(trained: tuple[Path, list]) -> None:
    events = trained[1]
    previews = [Path(event.path) for event in events if isinstance(event, Preview)]
    assert [path.name for path in previews] == ["step-000015.json", "step-000030.json"]
    found = json.loads(previews[-1].read_bytes())["samples"]
    assert len(found) == 4
    assert all(set(one) == {"prompt", "text"} and one["text"] for one in found)
    assert toys.BOOK[1728:1732].startswith(found[0]["prompt"])


def test_perplexity_stands_beside_the_loss(trained: tuple[Path, list]) -> None:
    run, events = trained
    rows = [json.loads(line) for line in (run / METRICS_FILE).read_text().splitlines()]
    last = next(row for row in reversed(rows) if "valid/loss" in row)
    assert last["valid/perplexity"] == pytest.approx(torch.tensor(last["valid/loss"]).exp().item())
    first = next(event.values for event in events if isinstance(event, Metric))
    assert last["valid/loss"] < first["loss/text"]
    assert not any(name.startswith("watch/") for row in rows for name in row)


def test_a_run_goes_on_with_its_own_tokenizer(
    home: Home, trained: tuple[Path, list], monkeypatch: pytest.MonkeyPatch
) -> None:
    run, _ = trained
    monkeypatch.setattr(texts, "learn", None)
    found = ready(home, run=run)[1]
    kept = tokens.read((run / TOKENIZER).read_bytes())
    assert found.data.tokenizer.to_bytes() == kept.to_bytes()
    again = list(jobs.resume(home, run.name, toys.part, device="cpu", ends=True))
    assert any(isinstance(event, Result | Done) for event in again)


def test_going_on_from_a_model_keeps_its_tokens(home: Home, trained: tuple[Path, list]) -> None:
    run, _ = trained
    package = str(run / "package")
    events, found = ready(home, "kinds", start_from=package)
    assert found.data.tokenizer.to_bytes() == (run / "package" / TOKENIZER).read_bytes()
    assert found.config["class_names"] == []
    assert set(found.data.labels) == {-1}
    assert any("Starts from the weights" in e.text for e in events if isinstance(e, Log))


def test_resumed_equals_unbroken(home: Home, tmp_path: Path) -> None:
    found = ready(home, options={"fim": True}, seed=3)[1]
    whole = found.trainer(tmp_path / "whole")
    list(whole.run())
    first = ready(home, options={"fim": True}, seed=3)[1].trainer(tmp_path / "parts")
    work = first.run()
    for _ in work:
        if first.step == 11:
            work.close()
            break
    second = ready(home, options={"fim": True}, seed=3)[1].trainer(tmp_path / "parts")
    list(second.run())
    for name, value in whole.objective.networks["table"].state_dict().items():
        assert torch.equal(value, second.objective.networks["table"].state_dict()[name])
    logs = [(tmp_path / part / METRICS_FILE).read_bytes() for part in ("whole", "parts")]
    assert logs[0] == logs[1]


def test_a_plan_counts_texts(home: Home) -> None:
    data = list(plan(home, toys.recipe(), toys.part, device="cpu"))[-1].data
    assert (data["texts"], data["tokens"], data["windows"]) == (1, 1728, 108)
    assert "pictures" not in data
    assert data["little_data"].startswith("Only 1,728 tokens to learn from")


def test_files_that_changed_are_said(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    folder = fill(tmp_path / "two", {"a.txt": b"one text", "b.txt": b"another text"})
    add(home, folder, "two")
    (folder / "a.txt").write_bytes(b"changed")
    events, found = ready(home, "two")
    assert found.data.count == 1
    warnings = [e.text for e in events if isinstance(e, Log) and e.level == "warning"]
    assert warnings == ["1 text of two gone or changed since they were added: skipped."]
    (folder / "b.txt").unlink()
    with pytest.raises(UsageError, match="no texts to learn from"):
        ready(home, "two")


def test_questions_with_answers_are_trained_as_pairs(home: Home, tmp_path: Path) -> None:
    rows = {f"{n}.txt": f"ask {'ab' * (n % 4 + 1)} = {'b' * 3}".encode() for n in range(20)}
    add(home, fill(tmp_path / "asks", rows), "asks")
    recipe = toys.recipe("asks").model_copy(update={"options": {"answer": " = "}})
    _, found = finish(prepare(home, recipe, toys.part, None, "cpu"))
    assert isinstance(found.trainer(tmp_path).batches, AnswerBatches)
    assert all(4 < given < 16 for given in found.data.given)
    events = list(jobs.run_training(home, recipe, toys.part, device="cpu"))
    assert isinstance(events[-1], Done)
    told = [e.values for e in events if isinstance(e, Metric) and "valid/perplexity" in e.values]
    assert all(values["valid/perplexity"] > 1 for values in told)
    assert len(told) == 2


def test_a_word_that_stands_nowhere_is_said(home: Home) -> None:
    with pytest.raises(UsageError, match="“Answer:” stands in no text of book") as caught:
        ready(home, options={"answer": "Answer:"})
    assert "Learn what follows" in caught.value.problem.next_step


def some(text: str) -> Texts:
    return Texts((Doc(text),))


@pytest.mark.parametrize(
    ("options", "text", "kind", "size"),
    [
        ({}, "abab", "chars", 6),
        ({"vocabulary": 5}, "aaab", "chars", 5),
        ({}, "".join(map(chr, range(1000, 1400))), "bpe", 512),
        ({"tokenizer": "bytes"}, "abab", "bytes", 260),
        ({"tokenizer": "bpe", "vocabulary": 300}, "abcd " * 9, "bpe", 300),
    ],
)
def test_what_learns_the_tokens(options: dict, text: str, kind: str, size: int) -> None:
    found = texts.learn(options, some(text), ())
    assert found.kind == kind
    assert found.size <= size
    assert kind == "bpe" or found.size == size


def test_long_texts_are_cut_into_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "LONG", 100)
    monkeypatch.setattr(texts, "PER_PIECE", 1)
    assert texts.learn({}, some("cat dog " * 13), ()).kind == "bpe"
    assert texts.learn({}, some("cat dog " * 12), ()).kind == "chars"


def test_an_unknown_tokenizer() -> None:
    with pytest.raises(UsageError, match="no tokenizer 'words'"):
        texts.learn({"tokenizer": "words"}, some("a"), ())


def test_a_recipe_for_pictures_does_not_fit(home: Home) -> None:
    add(home, fill(home.root / "shapes", {f"{n}.png": png(n) for n in range(3)}), "shapes")
    recipe = Recipe(family="pairs", model="pairs", data="shapes")
    with pytest.raises(UsageError, match="learns from text data"):
        finish(prepare(home, recipe, toys.part, None, "cpu"))
