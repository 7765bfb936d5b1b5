"""Evaluation protocols: what is compared with what, as one named object.

The field disagrees about joints, roots, genders and alignments, and each
choice moves the numbers.  A protocol fixes all of them, says so in every dump
and measures accordingly.  Those of the benchmarks are in
``configs/_base_/protocols/``.
"""

from .base_protocol import Body, EvaluationProtocol, ProtocolError
from .keypoint_protocol import KeypointProtocol
from .loading import ProtocolLike, build_protocol, load_protocol
from .mesh_protocol import MeshProtocol
from .unlabelled_protocol import UnlabelledProtocol

__all__ = [
    'Body',
    'EvaluationProtocol',
    'KeypointProtocol',
    'MeshProtocol',
    'ProtocolError',
    'ProtocolLike',
    'UnlabelledProtocol',
    'build_protocol',
    'load_protocol',
]
