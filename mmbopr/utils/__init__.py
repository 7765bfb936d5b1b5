"""Rotations, cameras, rasterisation, safe loading: pure functions."""
