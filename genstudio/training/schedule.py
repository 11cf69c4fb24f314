"""Rates as functions of the share of the budget that is used, so a longer run keeps its shape."""

from __future__ import annotations

import math


def lr_factor(share: float, warmup: float, final: float) -> float:
    """Warm-up from 0 to 1 over the first `warmup` of the budget, then a cosine down to `final`."""
    if share < warmup:
        return share / warmup
    fall = (share - warmup) / (1 - warmup) if warmup < 1 else 1.0
    return final + (1 - final) * 0.5 * (1 + math.cos(math.pi * min(1.0, fall)))


def ema_decay(step: int, decay: float) -> float:
    """Averaging that is short at first, so that the start is forgotten: (1+s) / (10+s) or less."""
    return min(decay, (1 + step) / (10 + step))
