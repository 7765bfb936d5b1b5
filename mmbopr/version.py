"""The version of mmbopr."""

__version__ = '0.1.0'
