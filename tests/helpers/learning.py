"""What the tiny preset of a family learns from: two classes of pictures, texts or sounds."""

from __future__ import annotations

import numpy as np

from genstudio import families
from genstudio.core import controls
from genstudio.core.dataset import DataFacts
from genstudio.core.recipe import TrainerSettings
from genstudio.media import companding, tokens
from genstudio.training.clip_batches import Clips
from genstudio.training.token_batches import Tokens, Windows
from tests.helpers import sounds, texts

TEXT = tuple(n for n in families.names() if families.family(n).data_kind == "text")
SOUND = tuple(n for n in families.names() if families.family(n).data_kind == "sound")
FACTS = DataFacts(count=40, size=28, channels=1, classes=("disc", "box"), captions=True)
WORDS = ["bright", "shape", "disc", "box", "large", "small"]


class Pictures:
    """Forty grey pictures of two classes with captions, as datasets.store would give them."""

    images = np.random.default_rng(0).integers(0, 256, (40, 28, 28, 1), dtype=np.uint8)
    labels = np.arange(40) % 2
    class_names = FACTS.classes
    captions = tuple(
        (f"a bright {FACTS.classes[i % 2]}, {'large' if i % 3 else 'small'} shape", f"shape {i}")
        for i in range(40)
    )
    sha256 = "0" * 64
    skipped = 0


WRITTEN = [[texts.text(kind, number) for number in range(3)] for kind in texts.KINDS]
TOKENIZER = tokens.train("chars", [text for kind in WRITTEN for text in kind], 300, texts.KINDS)
READ = {"kind": "chars", "size": TOKENIZER.size, "specials": list(TOKENIZER.specials)}


def tiny(name: str) -> tuple[dict, dict, TrainerSettings]:
    """(config, options, settings) of the tiny preset on `data`, with all that it can learn."""
    family = families.family(name)
    preset = family.preset("tiny")
    facts = {**FACTS.model_dump(mode="json"), "words": WORDS}
    more = {}
    if name in TEXT:
        facts |= {"classes": list(texts.KINDS), "tokenizer": READ}
        more = {"fim": True}
    if name in SOUND:
        facts |= {"classes": list(sounds.KINDS), "rate": sounds.RATE, "seconds": 0.1}
        more = {"window": 256}
    options = controls.check_values(family.options, {**preset.options, **more})
    config = family.config(options, facts)
    if name in TEXT:
        config["fingerprints"] = True
    settings = TrainerSettings(**{**preset.settings, "batch": 8, "threads": 1, "holdout": 0.2})
    return config, options, settings


def data(name: str):
    """What a family learns from: pictures, or texts of two kinds as tokens, or sounds as codes."""
    if name in SOUND:
        return clips(name)
    if name not in TEXT:
        return Pictures()
    documents = [np.array(TOKENIZER.encode(t), np.int32) for kind in WRITTEN for t in kind]
    labels = [place for place, kind in enumerate(WRITTEN) for _ in kind]
    windows = Windows(tiny(name)[0]["context"], drop=0.1, fill=0.5)
    return Tokens(documents, TOKENIZER, windows, labels, texts.KINDS)


def clips(name: str) -> Clips:
    """Sounds of two kinds as codes."""
    config = tiny(name)[0]
    made = [
        (kind, sounds.sound(word, n)) for kind, word in enumerate(sounds.KINDS) for n in range(8)
    ]
    codes = [companding.encode(samples) for _, samples in made]
    labels = [kind for kind, _ in made]
    return Clips(codes, sounds.RATE, config["window"], config["reach"], labels, drop=0.1)
