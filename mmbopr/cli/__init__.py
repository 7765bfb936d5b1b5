"""The command ``mmbopr``; one module per sub-command."""

from .main import main

__all__ = ['main']
