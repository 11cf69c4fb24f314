"""Dilated causal convolutions that make sound sample by sample (network: torch only)."""
