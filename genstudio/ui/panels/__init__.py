"""The areas of the window: each arranges widgets and binds them to the states."""
