"""``python -m mmbopr.doctor [CONFIG]``: what is there, and what is missing."""
