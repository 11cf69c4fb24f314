"""Widgets that know nothing of Studio: values in, signals out. May import core and ui.theme."""
