"""Variational autoencoders, conditional or not (network and losses: torch only)."""
