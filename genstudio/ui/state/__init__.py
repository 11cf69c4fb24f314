"""What the panels bind to: QObjects over the Studio. QtCore only; tested without a window."""
