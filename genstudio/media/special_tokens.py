"""Names of the special tokens that every tokenizer counts first, of text and of notes."""

from __future__ import annotations

END, PREFIX, SUFFIX, MIDDLE = "<|end|>", "<|prefix|>", "<|suffix|>", "<|middle|>"
MARKS = (END, PREFIX, SUFFIX, MIDDLE)
FORMAT = 1
MAX_CLASSES = 1000


def class_token(name: str) -> str:
    """Name of the special token that stands for a class of documents."""
    return f"<|class:{name}|>"
