"""Videos as phones write them."""

import struct
from pathlib import Path


def turn_phone(path: Path, degrees: int) -> None:
    """Let an mp4 say that it is to be shown turned clockwise.

    The matrix of the track header (ISO/IEC 14496-12, 8.3.2), in 16.16.

    Args:
        path: The mp4, of one track.
        degrees: 0, 90, 180 or 270.
    """
    content = path.read_bytes()
    start = content.index(b'tkhd') + 44
    cosine = {0: 1, 90: 0, 180: -1, 270: 0}[degrees] << 16
    sine = {0: 0, 90: 1, 180: 0, 270: -1}[degrees] << 16
    matrix = struct.pack(
        '>9i', cosine, sine, 0, -sine, cosine, 0, 0, 0, 1 << 30
    )
    path.write_bytes(content[:start] + matrix + content[start + 36 :])
