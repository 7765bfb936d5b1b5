"""The command line of the converters of official checkpoints."""

import argparse
from pathlib import Path
from typing import Optional, Sequence

import torch
from conversion import Conversion, Original, convert, select

from mmbopr.utils.atomic import replace_when_complete
from mmbopr.utils.digest import sha256
from mmbopr.utils.safe_checkpoint import load_foreign_checkpoint

# Official networks predict parameters of SMPL; no other body takes them.
BODY_MODEL_ID = 'smpl'


def write(conversion: Conversion, original: Original, src: Path, dst: Path):
    """Write a checkpoint that ``tools/test.py`` takes, and its account.

    Both appear when both are complete; after an error, neither.
    """
    state_dict = dict(conversion.state_dict)
    body_model_id = torch.tensor(
        list(BODY_MODEL_ID.encode()), dtype=torch.uint8
    )
    state_dict['body_model.neutral._extra_state'] = body_model_id
    meta = {
        'model': f'configs/_base_/models/{conversion.base}.py',
        'source': f'{src.name} of {original.name}, {original.page}',
        'source_sha256': sha256(src),
        'body_model_id': BODY_MODEL_ID,
        'license': (
            f'The terms of {original.name} ({original.page}) and of SMPL '
            '(https://smpl.is.tue.mpg.de) hold for these weights.'
        ),
    }
    account = '\n'.join(conversion.account) + '\n'
    with (
        replace_when_complete(dst) as weights,
        replace_when_complete(dst.with_name(f'{dst.name}.keys.txt')) as keys,
    ):
        torch.save({'state_dict': state_dict, 'meta': meta}, weights)
        keys.write_text(account)


def main(original: Original, argv: Optional[Sequence[str]] = None) -> None:
    """Convert on the command line."""
    parser = argparse.ArgumentParser(
        description=f'Convert an official checkpoint of {original.name}.'
    )
    parser.add_argument('src', type=Path, help='the official file')
    parser.add_argument('dst', type=Path, help='where to write')
    args = parser.parse_args(argv)
    if args.src.resolve() == args.dst.resolve():
        parser.error('dst is src; the official file is left as it is')
    if args.dst.is_dir():
        parser.error(f'dst {args.dst} is a folder; name a file in it')
    try:
        content, blanks = load_foreign_checkpoint(args.src)
        state = select(content, original, args.src)
        conversion = convert(state, original)
    except (FileNotFoundError, ValueError) as error:
        raise SystemExit(f'error: {error}') from None
    if blanks:
        print('not read, beside the weights:', ', '.join(blanks))
    print(conversion)
    if any(conversion.problems.values()):
        raise SystemExit(
            f'error: {args.src} is not the network that {original.name} '
            'released (see above); nothing was written'
        )
    write(conversion, original, args.src, args.dst)
    print(f'wrote {args.dst}, and what became of each key beside it')
