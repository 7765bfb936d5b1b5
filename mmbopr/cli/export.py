"""``mmbopr export``: a result or a track for other programs."""

import argparse
from typing import Iterable, List


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


def add_body_model_option(parser: argparse.ArgumentParser) -> None:
    """Add where the body is that results belong to."""
    parser.add_argument(
        '--body-model',
        default='open',
        metavar='PATH',
        help="folder of SMPL's files, for results on SMPL (default: the open "
        'body)',
    )


def run(args: argparse.Namespace) -> int:
    """Write the file."""
    from mmbopr.body_models import SMPL
    from mmbopr.exports import export_result, export_track
    from mmbopr.structures import MeshResult

    found = _single(args.result)
    is_result = isinstance(found, MeshResult)
    write = export_result if is_result else export_track
    write(found, args.out, SMPL(args.body_model), args.axis)
    print(f'wrote {args.out}')
    return 0


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


def wanted_suffixes(names: str, known: Iterable[str]) -> List[str]:
    """Suffixes of a list such as ``obj,glb``.

    Args:
        names: The list, with commas.
        known: Suffixes that can be written.

    Returns:
        list[str]: With dots.

    Raises:
        ValueError: If one cannot be written.
    """
    known = set(known)
    wanted = [f'.{name.strip().lstrip(".")}' for name in names.split(',')]
    wanted = [suffix for suffix in wanted if suffix != '.']
    unknown = [suffix for suffix in wanted if suffix not in known]
    if unknown:
        raise ValueError(
            f'--export {unknown[0][1:]} is not for this input, but '
            f'{", ".join(sorted(suffix[1:] for suffix in known))}'
        )
    return wanted
