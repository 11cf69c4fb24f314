"""The command line: words to Requests and Recipes, events to lines. Imports studio and core;
a role's generator (onnxruntime or torch) only inside the command that runs it."""
