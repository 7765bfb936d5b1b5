"""``mmbopr web``: a page to try a model on photos."""

import argparse
import signal
from pathlib import Path
from threading import Event

from .exit_codes import DONE
from .options import add_model_options, settle_checkpoint


def add_parser(commands) -> None:
    """Add this sub-command."""
    parser = commands.add_parser(
        'web',
        help='serve a page to try a model on photos',
        description='Photos stay on this machine. Ctrl+C ends it.',
    )
    add_model_options(parser)
    parser.add_argument(
        '--det',
        default='hog',
        metavar='DETECTOR',
        help='first choice on the page, as of `mmbopr predict`',
    )
    parser.add_argument(
        '--host',
        default='127.0.0.1',
        help='address to listen at; 0.0.0.0 lets others in your network in',
    )
    parser.add_argument(
        '--port', type=int, help='by default the first free one from 7860'
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted."""
    settle_checkpoint(args)
    # Costs seconds, which wrong usage does not need.
    from mmbopr.apis import MeshInferencer
    from mmbopr.webapp import PhotoModel, serve

    inferencer = MeshInferencer(
        args.config,
        args.checkpoint,
        args.device,
        show_progress=False,
        backend=args.backend,
    )
    model = PhotoModel(inferencer, args.det)
    note = f'Model: {Path(args.checkpoint).name}, on {args.backend}.'
    # Whoever stops services says it so; uploads are to be deleted then, too.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with serve(model, args.host, args.port, note) as url:
            print(f'open {url} (Ctrl+C ends it)', flush=True)
            Event().wait()
    except KeyboardInterrupt:
        print()
    finally:
        signal.signal(signal.SIGTERM, before)
    return DONE
