"""Recurrent networks that continue tokens (network: torch only)."""
