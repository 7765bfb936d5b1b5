"""``mmbopr inspect``: what is in a result file."""

import argparse
from typing import Iterator

from .options import counted


def add_parser(commands) -> None:
    """Add this sub-command."""
    parser = commands.add_parser(
        'inspect', help='say what is in a result or a track'
    )
    parser.add_argument('result', help='.json or .npz of `mmbopr predict`')
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Describe the file."""
    from mmbopr.structures import MeshResult
    from mmbopr.structures.result_files import read_results

    for found in read_results(args.result):
        is_result = isinstance(found, MeshResult)
        for line in (_result if is_result else _track)(found):
            print(line)
    return 0


def _result(result) -> Iterator[str]:
    height, width = result.img_shape
    frame = '' if result.frame is None else f', frame {result.frame}'
    name = f'{result.img_path}{frame}'
    yield f'{name}: {counted(len(result), "person")}, {width}x{height} px'
    yield f'  body model  {result.body_model_id}'
    yield f'  K           {_numbers(result.K)} px (fx, fy, cx, cy)'
    for name, array in result.arrays().items():
        yield f'  {name:14} {array.dtype!s:8} {array.shape}'
    for person in range(len(result)):
        yield (
            f'  person {person}: at {_numbers(result.cam_t_full[person])} m, '
            f'box {_numbers(result.bbox[person])} px, score '
            f'{result.bbox_score[person]:.2f}'
        )
    yield f'  joints      {", ".join(result.joint_names)}'


def _track(track) -> Iterator[str]:
    first, last = track.frame[[0, -1]]
    yield (
        f'person {track.track_id}: {len(track)} frames, {first} to {last}, at '
        f'{track.fps:g} a second'
    )
    yield f'  body model  {track.body_model_id}'
    names = ('K', 'global_orient', 'body_pose', 'betas', 'cam_t_full', 'bbox')
    for name in names:
        array = getattr(track, name)
        yield f'  {name:14} {array.dtype!s:8} {array.shape}'


def _numbers(array) -> str:
    return ' '.join(f'{x:.4g}' for x in array)
