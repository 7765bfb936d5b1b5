"""Synthetic people: rendered, fully annotated images of the open body."""
