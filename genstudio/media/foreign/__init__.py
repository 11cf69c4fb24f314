"""Readers of the settings that other programs write into their pictures. Nothing is ever run."""
