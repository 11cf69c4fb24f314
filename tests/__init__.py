"""Tests; they mirror the package. `conftest.py` holds what they share."""
