"""From a config, or a name, to a protocol."""

from pathlib import Path
from typing import Any, Dict, Union

from mmengine.config import Config

import mmbopr
from mmbopr.registry import TASK_UTILS

from .base_protocol import EvaluationProtocol, ProtocolError

PROTOCOL_FOLDER = (
    Path(mmbopr.__file__).parent / '.mim/configs/_base_/protocols'
)

ProtocolLike = Union[str, Dict[str, Any], EvaluationProtocol, None]


def load_protocol(name: str) -> Dict[str, Any]:
    """The config of a benchmark's protocol.

    Args:
        name: File name in ``configs/_base_/protocols``, without ``.py``.

    Raises:
        ProtocolError: If there is none; lists those that there are.
    """
    path = PROTOCOL_FOLDER / f'{name}.py'
    if not path.is_file():
        known = sorted(x.stem for x in PROTOCOL_FOLDER.glob('*.py'))
        raise ProtocolError(
            f'there is no protocol {name!r}, choose from {known}'
        )
    return Config.fromfile(path).protocol.to_dict()


def build_protocol(protocol: ProtocolLike = None) -> EvaluationProtocol:
    """Build a protocol.

    Args:
        protocol: Its name, its config, or itself. A config without ``type``
            is one of ``MeshProtocol``, of which None has the defaults.
    """
    if isinstance(protocol, EvaluationProtocol):
        return protocol
    if isinstance(protocol, str):
        protocol = load_protocol(protocol)
    return TASK_UTILS.build(
        {'type': 'mmbopr.MeshProtocol', **(protocol or {})}
    )
