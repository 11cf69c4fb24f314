"""GenStudio: train and use generative models on your own machine, offline."""

__version__ = "0.1.0"
