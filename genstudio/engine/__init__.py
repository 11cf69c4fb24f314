"""Runs ONNX packages; knows no family. May import core, numerics, media and onnxruntime."""
