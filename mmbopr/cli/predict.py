"""``mmbopr predict``: pictures, folders and videos to results."""

import argparse

from .options import add_model_options, settle_checkpoint

_DESCRIPTION = """\
Recover the people in pictures or a video.

Pictures: results/NAME.json each, and what is asked for beside it. The same
command goes on where it was interrupted; files that cannot be read are named
in failed.txt, and the others are done.
Videos: results/NAME_FRAME.json, a file a frame, and tracks/track_ID.npz, a
file a person.
"""


def add_parser(commands) -> None:
    """Add this sub-command."""
    parser = commands.add_parser(
        'predict',
        help='recover the people in pictures or a video',
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        'input',
        nargs='+',
        help="pictures, folders, 'patterns/*.jpg'; or a video; or webcam:0",
    )
    parser.add_argument('--out', required=True, help='folder of the results')
    model = add_model_options(parser)
    model.add_argument('--batch-size', type=int, default=8, help='people')
    _add_people_options(parser)
    _add_output_options(parser)
    parser.set_defaults(run=run)


def _add_people_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group('people')
    group.add_argument(
        '--det',
        default='hog',
        metavar='DETECTOR',
        help='hog (default; needs nothing, but is weak), whole (one person '
        'fills the picture), rtm (rtmlib), mmdet, or a json file in '
        "COCO's format",
    )
    group.add_argument(
        '--bbox',
        nargs=4,
        type=float,
        action='append',
        metavar=('LEFT', 'TOP', 'RIGHT', 'BOTTOM'),
        help='a person of a single picture, in place of --det; again for more',
    )
    group.add_argument(
        '--K',
        nargs=4,
        type=float,
        metavar=('FX', 'FY', 'CX', 'CY'),
        help='camera in pixels; by default the diagonal as focal length',
    )
    group.add_argument('--fps', type=float, help='frames a second of videos')
    group.add_argument(
        '--track',
        action=argparse.BooleanOptionalAction,
        default=True,
        help='follow the people of a video (default), or take every frame '
        'for itself, which also cameras can be: webcam:0',
    )
    group.add_argument(
        '--smooth',
        choices=['one-euro', 'savgol'],
        help='smooth the motions of a video',
    )


def _add_output_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group('output')
    group.add_argument(
        '--format',
        choices=['json', 'npz'],
        default='json',
        help='of results',
    )
    group.add_argument(
        '--export',
        default='',
        metavar='LIST',
        help='obj,ply,glb of pictures, glb,bvh,npz (AMASS) of tracks',
    )
    group.add_argument(
        '--overlay', action='store_true', help='draw the meshes over it'
    )
    group.add_argument('--show', action='store_true', help='in a window')
    group.add_argument(
        '--vertices', action='store_true', help='with meshes in the results'
    )
    group.add_argument(
        '--overwrite',
        action='store_true',
        help='do not go on from the results in --out: delete them, begin '
        'again',
    )


def run(args: argparse.Namespace) -> int:
    """Predict."""
    settle_checkpoint(args)
    job = _job_of(args)
    # Costs seconds, which wrong usage does not need.
    from mmbopr.apis import MeshInferencer

    inferencer = MeshInferencer(
        args.config,
        args.checkpoint,
        args.device,
        show_progress=False,
        detector=args.det,
        backend=args.backend,
    )
    return job.run(inferencer)


def _job_of(args: argparse.Namespace):
    """What does the work: depends on what the input is."""
    from mmbopr.apis.picture_sources import is_camera, is_video

    from .predict_frames import FrameRun
    from .predict_pictures import PictureRun
    from .predict_video import VideoRun

    films = [x for x in args.input if is_video(x) or is_camera(x)]
    if not films:
        return PictureRun(args)
    if len(args.input) > 1:
        raise ValueError(
            f'{films[0]}: a video is predicted alone, with a folder --out of '
            'its own'
        )
    if not args.track:
        return FrameRun(args)
    if is_camera(films[0]):
        raise ValueError(f'{films[0]}: a camera needs --no-track')
    return VideoRun(args)
