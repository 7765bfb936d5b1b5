"""Synthetic data for tests and demonstrations."""
