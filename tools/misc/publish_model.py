"""Make a checkpoint fit for publishing: weights alone, the hash in its name.

    python tools/misc/publish_model.py work_dirs/x/epoch_9.pth models/bopr.pth

writes ``models/bopr_20240131-0123abcd.pth``: the date, and the first digits of
the file's SHA-256, where ``torch.hub`` looks for them to check a download.
Optimizer, schedulers and logs are left out. Look at ``meta.cfg`` before you
publish: it holds the paths of the training.
"""

import argparse
import hashlib
import io
import pickle
from datetime import date
from pathlib import Path
from typing import Any, Sequence

import torch
from mmengine.runner import CheckpointLoader

from mmbopr.utils.atomic import replace_when_complete

PUBLISHED_KEYS = ('meta', 'state_dict')
HASH_DIGITS = 8


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument('in_file', type=Path, help='checkpoint of a training')
    parser.add_argument(
        'out_file', type=Path, help='its name without date and hash'
    )
    parser.add_argument(
        '--save-keys',
        nargs='+',
        default=list(PUBLISHED_KEYS),
        help='what is kept (default: %(default)s)',
    )
    return parser.parse_args(argv)


def publish_model(
    in_file: Path, out_file: Path, save_keys: Sequence[str] = PUBLISHED_KEYS
) -> Path:
    """Write what is kept of a checkpoint, whole or not at all.

    Args:
        in_file: What a training saved.
        out_file: Where to, without date and hash.
        save_keys: Keys to keep.

    Returns:
        Path: The file that was written.

    Raises:
        FileNotFoundError: If there is no such checkpoint.
        ValueError: If it cannot be read or lacks a key to keep.
    """
    checkpoint = _load(in_file)
    keys = sorted(checkpoint) if isinstance(checkpoint, dict) else []
    missing = [key for key in save_keys if key not in keys]
    if missing:
        raise ValueError(
            f'{in_file} has no {missing}, only {keys}; see --save-keys'
        )
    kept = {key: checkpoint[key] for key in save_keys}
    print(f'left out: {[key for key in keys if key not in kept]}')
    buffer = io.BytesIO()
    torch.save(kept, buffer)
    content = buffer.getvalue()
    digest = hashlib.sha256(content).hexdigest()[:HASH_DIGITS]
    name = f'{out_file.stem}_{date.today():%Y%m%d}-{digest}.pth'
    with replace_when_complete(out_file.with_name(name)) as temporary:
        temporary.write_bytes(content)
    return out_file.with_name(name)


def _load(path: Path) -> Any:
    try:
        return CheckpointLoader.load_checkpoint(str(path), 'cpu')
    except (pickle.UnpicklingError, RuntimeError, EOFError) as error:
        reason = str(error).splitlines()[0]
        raise ValueError(
            f'{path} is no checkpoint, or a damaged one ({reason})'
        ) from error


def main(argv=None) -> None:
    """Publish a checkpoint."""
    args = parse_args(argv)
    path = publish_model(args.in_file, args.out_file, args.save_keys)
    print(f'Wrote {path}')


if __name__ == '__main__':
    try:
        main()
    except (ValueError, FileNotFoundError) as error:
        raise SystemExit(f'error: {error}') from None
