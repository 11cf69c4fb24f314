"""Every score that a metric can give has words of its own."""

from __future__ import annotations

from genstudio.core import measures
from genstudio.evaluation import registry


def test_every_registered_metric_has_words():
    silent = [name for name in registry.metrics() if name not in measures.MEASURES]
    assert not silent, f"add these to genstudio/core/measures.py: {silent}"
