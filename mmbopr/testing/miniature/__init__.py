"""Official data sets in miniature: real formats, made-up people.

Each module writes the files of one data set, a few people of them, from a
:class:`~.crowd.Crowd` whose true bodies and camera are known.
"""

from .crowd import Crowd, make_crowd

__all__ = ['Crowd', 'make_crowd']
