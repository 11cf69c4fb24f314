"""What a user drops -> Dataset. May import core, media, numerics, numpy; never Qt or torch."""
