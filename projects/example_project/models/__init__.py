"""The parts that this project adds."""

from .example_head import ExampleHead

__all__ = ['ExampleHead']
