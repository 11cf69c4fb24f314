"""Decoding beside the reference library: the same scores left, the same texts found."""

import numpy as np
import pytest

from genstudio.engine import beams, logits
from genstudio.engine.banned import Banned
from genstudio.engine.decoding import Reader, Shaper
from genstudio.engine.logits import Settings
from genstudio.engine.vocabulary import Vocabulary
from genstudio.media import tokens

transformers = pytest.importorskip("transformers", "5.23.0")
torch = pytest.importorskip("torch")

from transformers.generation import logits_process as theirs  # noqa: E402

SIZE, ROWS = 97, 5


@pytest.fixture(scope="module")
def scores() -> np.ndarray:
    """Logits of several shapes: flat, peaked, with tokens that may not come."""
    made = np.random.default_rng(3).normal(0, 1, (ROWS, SIZE)) * np.array(
        [[0.3], [1], [3], [6], [2]]
    )
    made[4, ::3] = -np.inf
    return made.astype(np.float32)


def of(processor, scores: np.ndarray, before=None) -> np.ndarray:
    """What the reference library makes of scores after these tokens."""
    ids = torch.zeros((len(scores), 1), dtype=torch.long) if before is None else before
    return processor(ids, torch.tensor(scores)).numpy()


@pytest.mark.parametrize(
    ("ours", "reference", "values"),
    [
        (logits.top_k, theirs.TopKLogitsWarper, (1, 7, 500)),
        (logits.top_p, theirs.TopPLogitsWarper, (0.01, 0.4, 0.9, 0.999)),
        (logits.min_p, theirs.MinPLogitsWarper, (0.01, 0.2, 1.0)),
        (logits.typical, theirs.TypicalLogitsWarper, (0.05, 0.5, 0.95)),
    ],
)
def test_narrowing_leaves_what_the_reference_leaves(scores, ours, reference, values):
    for value in values:
        found, wanted = ours(scores.astype(np.float64), value), of(reference(value), scores)
        assert np.array_equal(np.isfinite(found), np.isfinite(wanted)), value
        assert np.allclose(found, wanted, atol=1e-6)


def test_repetition_counts_the_prompt_as_the_reference_does(scores):
    before = np.random.default_rng(1).integers(0, SIZE, (ROWS, 12))
    seen = np.zeros((ROWS, SIZE), bool)
    seen[np.arange(ROWS)[:, None], before] = True
    for penalty in (0.7, 1.3):
        found = logits.penalised(
            scores.astype(np.float64), Settings(repetition=penalty), seen, np.zeros_like(seen)
        )
        reference = theirs.RepetitionPenaltyLogitsProcessor(penalty)
        assert np.allclose(found, of(reference, scores, torch.tensor(before)), rtol=1e-5)


def test_all_settings_together_come_in_the_order_of_the_reference(scores):
    settings = Settings(temperature=0.7, top_k=40, top_p=0.8, min_p=0.05, typical=0.7)
    wanted = scores
    for one in (
        theirs.TemperatureLogitsWarper(0.7),
        theirs.TopKLogitsWarper(40),
        theirs.TopPLogitsWarper(0.8),
        theirs.MinPLogitsWarper(0.05),
        theirs.TypicalLogitsWarper(0.7),
    ):
        wanted = of(one, wanted)
    found = logits.narrowed(scores.astype(np.float64), settings)
    assert np.array_equal(np.isfinite(found), np.isfinite(wanted))
    assert np.allclose(found, wanted, atol=1e-4)


def test_banned_words_by_characters_are_the_banned_rows_of_the_reference():
    """Where each character is a token, a banned text is a banned row of tokens."""
    tokenizer = tokens.train("chars", ["abcdefg"], 50)
    words = Vocabulary(tokenizer)
    texts = ["abc", "cab", "g", "aab"]
    rows = [tokenizer.encode(form) for text in texts for form in (text, text.upper()) if form]
    reference = theirs.NoBadWordsLogitsProcessor([row for row in rows if row], eos_token_id=[0])
    ours = Banned(words, texts)
    random = np.random.default_rng(5)
    for _ in range(40):
        text = "".join(random.choice(list("abc"), 6))
        before = torch.tensor([tokenizer.encode(text)])
        wanted = of(reference, np.zeros((1, words.size), np.float32), before)[0]
        assert np.array_equal(ours.mask(text.encode()[-ours.reach :]), np.isinf(wanted)), text


class TorchStepper:
    """A network of the reference library behind our protocol, reading all of it again."""

    context = 64

    def __init__(self, network) -> None:
        self._network = network
        self._rows = np.zeros((0, 0), np.int64)

    def begin(self, rows: np.ndarray) -> np.ndarray:
        self._rows = rows
        with torch.no_grad():
            return self._network(torch.tensor(rows)).logits.numpy()

    def step(self, last: np.ndarray) -> np.ndarray:
        return self.begin(np.concatenate([self._rows, last[:, None]], axis=1))[:, -1]

    def pick(self, rows: np.ndarray) -> None:
        self._rows = self._rows[rows]


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(4)
    config = transformers.GPT2Config(
        vocab_size=23, n_positions=64, n_embd=16, n_layer=1, n_head=2,
        initializer_range=1.2, bos_token_id=0, eos_token_id=0, pad_token_id=0,
    )  # fmt: skip
    return transformers.GPT2LMHeadModel(config).eval()


@pytest.mark.parametrize(("width", "penalty"), [(1, 1.0), (3, 0.0), (4, 1.0), (4, 2.0), (3, -0.5)])
def test_beam_search_finds_the_texts_of_the_reference(network, width, penalty):
    prompt, length = [5, 9, 2], 9
    wanted = network.generate(
        torch.tensor([prompt]),
        attention_mask=torch.ones((1, 3), dtype=torch.long),
        num_beams=width,
        num_return_sequences=width,
        max_new_tokens=length,
        do_sample=False,
        length_penalty=penalty,
    )[:, 3:].tolist()
    reader = Reader(TorchStepper(network))
    shaper = Shaper(Settings(), np.zeros(23, bool))
    first = reader.begin(prompt, 1)
    shaper.begin(prompt, b"", 1)
    search = beams.Search(width, length, penalty)
    for _ in search.run(reader, shaper, first, lambda row: row[-1] == 0, [b""] * 23):
        pass
    found = [list(beam.tokens) + [0] * (length - len(beam.tokens)) for beam in search.best]
    longest = max(len(row) for row in wanted)
    assert [row[:longest] for row in found] == wanted
