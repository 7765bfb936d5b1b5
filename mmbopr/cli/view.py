"""``mmbopr view``: a page to look at results from all sides."""

import argparse

from .options import add_body_model_option


def add_parser(commands) -> None:
    """Add this sub-command."""
    parser = commands.add_parser(
        'view',
        help='write a page to turn results with the mouse',
        description='One HTML file that needs no network.',
    )
    parser.add_argument('result', help='result, track, or a folder of them')
    parser.add_argument('--out', required=True, help='the page, .html')
    parser.add_argument(
        '--no-photos',
        action='store_true',
        help='leave the pictures out of the page',
    )
    parser.add_argument(
        '--fps', type=float, default=10.0, help='frames a second of pictures'
    )
    add_body_model_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the page."""
    from mmbopr.body_models import SMPL
    from mmbopr.visualization.view_files import view_results

    view_results(
        args.result,
        args.out,
        SMPL(args.body_model),
        with_photos=not args.no_photos,
        fps=args.fps,
    )
    print(f'wrote {args.out}')
    return 0
