"""Measured numbers for people: as many digits as count."""

from __future__ import annotations


def short(value: float) -> str:
    """Three digits that count: `0.302`, `12.4`, `-228`, `1.2e-05`."""
    size = abs(value)
    if size == 0:
        return "0"
    if size >= 99.95:
        return f"{value:,.0f}"
    if size >= 9.995:
        return f"{value:.1f}"
    if size >= 0.9995:
        return f"{value:.2f}"
    if size >= 0.001:
        return f"{value:.3f}"
    return f"{value:.1e}"
