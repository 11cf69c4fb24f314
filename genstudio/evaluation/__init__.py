"""Scores of a model, registered by name; knows no family.

May import core, numerics, media, engine and the store of datasets; numpy and scipy.
"""
