"""Numbers shared by both sides: noise, paths through latent space, colours. Numpy only."""
