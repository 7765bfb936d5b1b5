"""Binary glTF 2.0 files: arrays, and the JSON that says what they are."""

import json
import struct
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

import numpy as np

ARRAY_BUFFER, ELEMENT_ARRAY_BUFFER = 34962, 34963
_COMPONENT_TYPES = dict(uint8=5121, uint16=5123, uint32=5125, float32=5126)
_TYPES = {(): 'SCALAR', (3,): 'VEC3', (4,): 'VEC4', (4, 4): 'MAT4'}
_MAGIC, _VERSION = b'glTF', 2
_ALIGNMENT = 4


class GltfFile:
    """A glTF document in the making.

    Args:
        facts: What the file says about itself, as ``asset.extras``; its
            'generator' stands where glTF wants it.

    Attributes:
        document: The JSON so far.
    """

    def __init__(self, facts: Dict[str, Any]):
        extras = {k: v for k, v in facts.items() if k != 'generator'}
        self.document: Dict[str, Any] = dict(
            asset=dict(
                version='2.0', generator=facts['generator'], extras=extras
            ),
            scene=0,
        )
        self._chunks: List[bytes] = []

    def add(self, group: str, **item: Any) -> int:
        """Append an item to a list of the document; returns its index."""
        items = self.document.setdefault(group, [])
        items.append(item)
        return len(items) - 1

    def add_array(
        self, array: np.ndarray, target: Optional[int] = None
    ) -> int:
        """Append an array.

        Args:
            array: (n,) scalars, (n, 3) or (n, 4) vectors or (n, 4, 4)
                matrices, of a type that glTF knows.
            target: ``ARRAY_BUFFER`` for what vertices have,
                ``ELEMENT_ARRAY_BUFFER`` for faces.

        Returns:
            int: Index of the accessor.
        """
        kind = _TYPES[array.shape[1:]]
        if kind == 'MAT4':
            array = array.swapaxes(1, 2)  # column by column
        flat = array.reshape(len(array), -1)
        view = dict(
            buffer=0,
            byteOffset=sum(map(len, self._chunks)),
            byteLength=array.nbytes,
        )
        if target is not None:
            view['target'] = target
        self._chunks.append(_pad(array.tobytes(), b'\0'))
        return self.add(
            'accessors',
            bufferView=self.add('bufferViews', **view),
            componentType=_COMPONENT_TYPES[array.dtype.name],
            count=len(array),
            type=kind,
            min=flat.min(0).tolist(),
            max=flat.max(0).tolist(),
        )

    def add_faces(self, faces: np.ndarray) -> int:
        """Append faces (F, 3) as indices, in the smaller type that holds them.

        Returns:
            int: Index of the accessor.
        """
        # The largest number of a type is reserved.
        fits = faces.max() < np.iinfo(np.uint16).max
        dtype = np.uint16 if fits else np.uint32
        return self.add_array(
            faces.reshape(-1).astype(dtype), ELEMENT_ARRAY_BUFFER
        )

    def add_material(self, color: Sequence[float]) -> int:
        """Append a dull material of an sRGB colour, 0-255.

        Returns:
            int: Index of the material.
        """
        linear = (np.asarray(color, float) / 255) ** 2.2
        return self.add(
            'materials',
            pbrMetallicRoughness=dict(
                baseColorFactor=[*linear.round(4).tolist(), 1.0],
                metallicFactor=0.0,
                roughnessFactor=0.7,
            ),
        )

    def write(self, path: Path) -> None:
        """Write the file: a header, the JSON chunk, the binary chunk."""
        binary = b''.join(self._chunks)
        document = self.document | dict(buffers=[dict(byteLength=len(binary))])
        text = _pad(json.dumps(document).encode(), b' ')
        chunks = b''.join(
            struct.pack('<I4s', len(chunk), kind) + chunk
            for kind, chunk in ((b'JSON', text), (b'BIN\0', binary))
        )
        header = struct.pack('<4sII', _MAGIC, _VERSION, 12 + len(chunks))
        path.write_bytes(header + chunks)


def _pad(content: bytes, filler: bytes) -> bytes:
    return content + filler * (-len(content) % _ALIGNMENT)
