"""Generative adversarial networks, conditional or not (network and losses: torch only)."""
