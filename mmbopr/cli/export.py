"""``mmbopr export``: a result or a track for other programs."""

import argparse
from pathlib import Path

from .options import add_body_model_option


def add_parser(commands) -> None:
    """Add this sub-command."""
    parser = commands.add_parser(
        'export',
        help='write a result or a track as obj, ply, glb, bvh or npz (AMASS)',
    )
    parser.add_argument('result', help='.json or .npz of `mmbopr predict`')
    parser.add_argument('out', help='a picture: .obj, .ply, .glb; a track: '
                        '.glb, .bvh, .npz')  # fmt: skip
    parser.add_argument('--axis', help="frame; by default the format's usual")
    add_body_model_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the file."""
    from mmbopr.body_models import SMPL
    from mmbopr.exports import export_result, export_track
    from mmbopr.structures import MeshResult

    _refuse_own_input(args.result, args.out)
    found = _single(args.result)
    is_result = isinstance(found, MeshResult)
    write = export_result if is_result else export_track
    write(found, args.out, SMPL(args.body_model), args.axis)
    print(f'wrote {args.out}')
    return 0


def _refuse_own_input(result: str, out: str) -> None:
    folder = Path(result).is_dir()
    inputs = Path(result).iterdir() if folder else [Path(result)]
    if Path(out).exists() and any(x.samefile(out) for x in inputs):
        raise ValueError(
            f'{out} is the file that is read: name another for the export'
        )


def _single(path: str):
    """The result or track of a file, or the only one of a folder."""
    from mmbopr.structures.result_files import read_results

    found = read_results(path)
    if len(found) > 1:
        raise ValueError(
            f'{path} holds {len(found)} results or tracks: name the file of '
            'one. `mmbopr predict --export` writes those of all'
        )
    return found[0]
