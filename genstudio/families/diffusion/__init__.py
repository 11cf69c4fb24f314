"""Diffusion models: pictures out of noise, step by step, by words or classes or freely."""
