"""Worker processes. May import core and the catalog; each role imports engine or training."""
