"""Decoder-only transformers that continue tokens (network: torch only)."""
