"""The window: frame, theme, widgets and panels over PySide6. Never torch, onnxruntime, engine."""
