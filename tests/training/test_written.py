"""Live samples of text: JSON in the run's folder, and a page of one for the card."""

from __future__ import annotations

import io
import json
from types import SimpleNamespace
from typing import Any

import numpy as np
from PIL import Image

from genstudio.media import tokens
from genstudio.training import written
from genstudio.training.objective import Written
from genstudio.training.token_batches import TokenBatches, Tokens, Windows


def batches() -> TokenBatches:
    kind = tokens.train("bytes", [], 0)
    text = np.array(kind.encode("what the data says " * 20), np.int32)
    return TokenBatches(Tokens((text,), kind, Windows(16)), None, 4, seed=0)


def writer(*found: Written) -> Any:
    return SimpleNamespace(
        writes=lambda networks, batch, count, seed: found,
        tokenizer=tokens.train("bytes", [], 0),
    )


def shown(png: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(png)) as page:
        return np.asarray(page.convert("L"))


def test_samples_are_json() -> None:
    found = written.samples(writer(Written("Once ", "upon é")), {}, batches(), 0)
    assert found is not None
    assert json.loads(found) == {"samples": [{"prompt": "Once ", "text": "upon é"}]}


def test_long_samples_keep_what_joins() -> None:
    told = json.loads(written.to_bytes([Written("a" * 5000 + "b", "c" + "d" * 5000)]))
    (one,) = told["samples"]
    assert (len(one["prompt"]), len(one["text"])) == (4000, 4000)
    assert one["prompt"][-1] + one["text"][0] == "bc"


def test_nothing_is_written() -> None:
    assert written.samples(writer(), {}, batches(), 0) is None
    silent: Any = SimpleNamespace(tokenizer=tokens.train("bytes", [], 0))
    assert written.samples(silent, {}, batches(), 0) is None
    cover = shown(written.cover(silent, {}, batches(), 0))
    assert np.array_equal(cover, shown(written.page("", "what the data say"[:17])))


def test_what_is_asked_for_is_the_same_each_time() -> None:
    asked = []

    def writes(networks: object, batch: Any, count: int, seed: int) -> list[Written]:
        asked.append((batch.tokens.tolist(), count, seed))
        return [Written("", "x")]

    keen: Any = SimpleNamespace(writes=writes)
    written.samples(keen, {}, batches(), 5)
    written.samples(keen, {}, batches(), 5)
    assert asked[0] == asked[1]
    assert asked[0][1:] == (written.COUNT, 5)
    assert len(asked[0][0]) == written.COUNT


def test_a_cover_shows_the_prompt_in_grey_and_what_follows_in_black() -> None:
    both = shown(written.page("given ", "written"))
    assert both.shape == (512, 512)
    alone = shown(written.page("given ", ""))
    assert alone.min() > 100
    assert both.min() < 60
    line = slice(written.MARGIN, written.MARGIN + written.LINE)
    assert (both[line] < 200).any()
    assert not (both[line.stop :] < 200).any()


def test_a_cover_of_more_than_fits_ends_at_the_margin() -> None:
    full = shown(written.page("", "many words in a line that goes on " * 200))
    assert (full[-written.MARGIN :] > 200).all()
    assert (full[:, -written.MARGIN // 2 :] > 200).all()
    assert (full[300:400] < 200).any()


def test_empty_lines_stay() -> None:
    apart, close = shown(written.page("", "a\n\nb")), shown(written.page("", "a\nb"))
    rows = [int(np.flatnonzero((page < 200).any(axis=1)).max()) for page in (apart, close)]
    assert rows[0] - rows[1] == written.LINE
