"""The trainer's settings as controls: the Advanced form of the window is built from them."""

from __future__ import annotations

from genstudio.core.controls import Choice, Control, Float, Int, Option, Switch, Text
from genstudio.core.recipe import TrainerSettings

_D = TrainerSettings()

MAIN: tuple[Control, ...] = (
    Int(
        name="steps", label="Steps", default=_D.steps, low=1, high=100_000_000, step=100,
        help="How many times the model learns from a batch; set by the time chosen above.",
    ),
    Int(
        name="batch", label="Batch", default=_D.batch, low=1, high=65536, step=8,
        help="Pictures or passages of text in one step: more is steadier, slower, and takes more "
        "memory.",
    ),
    Float(
        name="learning_rate", label="Learning rate", default=_D.learning_rate,
        low=0.000001, high=1.0, step=0.00005, decimals=6,
        help="How far each step goes: too high explodes, too low takes for ever.",
    ),
    Float(
        name="holdout", label="Held out", default=_D.holdout, low=0.0, high=0.5,
        help="Share of the data that is never trained on, to see whether the model learns "
        "or only remembers.",
    ),
)  # fmt: skip

AUGMENTATION: tuple[Control, ...] = (
    Switch(
        name="flip", label="Mirror", default=_D.flip,
        help="Mirrors half of the pictures: not for writing, or where left and right matter.",
    ),
    Float(
        name="shift", label="Shift", default=_D.shift, low=0.0, high=0.5,
        help="Moves pictures by up to this share of their side.",
    ),
    Float(
        name="colour", label="Colour", default=_D.colour, low=0.0, high=1.0,
        help="Changes brightness, contrast and saturation by up to this share.",
    ),
    Float(
        name="cutout", label="Cutout", default=_D.cutout, low=0.0, high=0.9,
        help="Blanks a square with up to this share of the side.",
    ),
)  # fmt: skip

HOLD_OUT = Text(
    name="hold_out", label="Combinations held out", multiline=True, max_length=40_000,
    placeholder="blue hair + round glasses",
    help="One a line. Pictures whose caption says all parts of one are not trained on, so that "
    "the model can be asked for what it never saw.",
)  # fmt: skip
"""A field of the recipe itself, for data with captions."""

MORE: tuple[Control, ...] = (
    Int(
        name="patience", label="Patience", default=_D.patience, low=0, high=10_000, more=True,
        help="End after so many validations without a better one; 0: never.",
    ),
    Int(
        name="sample_every", label="Samples every", default=_D.sample_every, low=0,
        high=1_000_000, step=50, unit="steps", more=True,
        help="How often samples are made from the same seeds, to watch the training; 0: never.",
    ),
    Int(
        name="validate_every", label="Validate every", default=_D.validate_every, low=0,
        high=1_000_000, step=50, unit="steps", more=True,
        help="How often the held-out data is looked at; 0: never.",
    ),
    Float(
        name="checkpoint_seconds", label="Checkpoint every", default=_D.checkpoint_seconds,
        low=0.0, high=86_400.0, step=10.0, decimals=0, unit="s", more=True,
        help="How often the training is saved: at most so much is lost when the power goes.",
    ),
    Float(
        name="final_rate", label="Final rate", default=_D.final_rate, low=0.0, high=1.0, more=True,
        help="The learning rate falls along a cosine to this share of its start.",
    ),
    Float(
        name="warmup", label="Warm-up", default=_D.warmup, low=0.0, high=1.0, more=True,
        help="Share of the steps in which the learning rate rises from nothing.",
    ),
    Choice(
        name="optimizer", label="Optimiser", default=_D.optimizer, more=True,
        help="The rule of the steps. Muon needs fewer of them where networks are made of matrices "
        "(transformer, LSTM); it wants about four times the learning rate.",
        options=(
            Option(value="adamw", label="AdamW"),
            Option(value="muon", label="Muon"),
        ),
    ),
    Float(
        name="weight_decay", label="Weight decay", default=_D.weight_decay, low=0.0, high=1.0,
        step=0.001, decimals=3, more=True,
        help="Pulls weights towards nothing: against learning by heart.",
    ),
    Float(
        name="beta1", label="Beta 1", default=_D.beta1, low=0.0, high=0.999, step=0.001,
        decimals=3, more=True, help="How long the optimiser remembers directions.",
    ),
    Float(
        name="beta2", label="Beta 2", default=_D.beta2, low=0.0, high=0.9999, step=0.001,
        decimals=4, more=True, help="How long the optimiser remembers sizes of steps.",
    ),
    Float(
        name="clip", label="Clip gradients", default=_D.clip, low=0.0, high=10_000.0, step=0.5,
        more=True, help="Longest step that is allowed, as the norm of the gradient; 0: any.",
    ),
    Float(
        name="ema", label="Averaging", default=_D.ema, low=0.0, high=0.9999, step=0.001,
        decimals=4, more=True,
        help="Decay of the averaged weights (EMA) that the finished model is made of.",
    ),
    Int(
        name="threads", label="Threads", default=_D.threads, low=0, high=1024, more=True,
        help="Processor threads; 0: all. The same number repeats a training bit by bit.",
    ),
    Switch(
        name="mixed", label="Mixed precision", default=_D.mixed, more=True,
        help="Computes in 16 bits where the device is a GPU: faster, and half the memory.",
    ),
    Choice(
        name="precision", label="Weights kept as", default=_D.precision, more=True,
        help="Numbers in the finished model's file: 16 bits are half the size, 8 bits a quarter "
        "with a small loss.",
        options=(
            Option(value="fp16", label="16 bits"),
            Option(value="fp32", label="32 bits"),
            Option(value="int8", label="8 bits"),
        ),
    ),
)  # fmt: skip

CONTROLS: tuple[Control, ...] = (*MAIN, *AUGMENTATION, *MORE)
"""All of them; `shards` and `parts` belong to the device, not to a person's wishes."""
