"""Trainer, checkpoints, packages. May import core, numerics, media, datasets and torch."""
