"""Bytes <-> arrays: pictures, animations, provenance, latents. May import core, numpy, pillow."""
