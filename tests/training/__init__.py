"""Tests of genstudio.training."""
