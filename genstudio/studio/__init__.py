"""What window and command line share: shelves and queue. No Qt, torch or onnxruntime."""
