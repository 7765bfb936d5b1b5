"""What a conversion was made from."""

import json
import os
from pathlib import Path
from typing import Any, Dict, List

from mmbopr.utils.digest import sha256
from mmbopr.version import __version__

from .base_converter import DatasetConverter

# In every manifest, whatever the converter.
_KEYS = {'origin', 'page', 'mmbopr'}


def manifest_path(out: Path) -> Path:
    """Where the manifest of an annotation file lies."""
    return out.with_suffix('.json')


def read_manifest(out: Path) -> Dict[str, Any]:
    """The manifest beside an annotation file; empty if there is none.

    Raises:
        FileExistsError: If something else has its name.
    """
    path = manifest_path(out)
    if not path.exists():
        return {}
    try:
        found = json.loads(path.read_text('utf-8'))
    except (ValueError, IsADirectoryError):
        found = None
    if isinstance(found, dict) and found.keys() >= _KEYS:
        return found
    raise FileExistsError(
        f'{path} is no manifest, but the manifest of {out.name} would take '
        f'its place. Give the annotation file another name or folder'
    )


def digest_file(path: Path, start: Path) -> Dict[str, Any]:
    """Path from ``start``, size in bytes and SHA-256 of a file."""
    return {
        'path': os.path.relpath(path, start),
        'size': path.stat().st_size,
        'sha256': sha256(path),
    }


def build_manifest(
    converter: DatasetConverter, origins: List[Dict[str, Any]]
) -> Dict[str, Any]:
    """The manifest of a conversion, before its counts are known.

    Args:
        converter: What converts.
        origins: What each piece of work depends on.

    Returns:
        dict: ``origin``, which two conversions share if their rows are the
        same; ``page``; and the version of this package.
    """
    inputs = {x['input']['path']: x['input'] for x in origins}
    shared = {
        k: v for k, v in origins[0].items() if k not in ('input', 'slice')
    }
    return {
        'origin': {**shared, 'inputs': list(inputs.values())},
        'page': converter.page,
        'mmbopr': __version__,
    }
