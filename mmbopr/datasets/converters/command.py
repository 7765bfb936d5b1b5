"""The command line that all converters share."""

import argparse
import os
from pathlib import Path
from typing import Callable, Optional, Type

from .base_converter import DatasetConverter
from .conversion import convert_dataset

BODY_MODEL = 'data/body_models/smpl'
AddOptions = Callable[[argparse.ArgumentParser], None]


def run_command(
    converter: Type[DatasetConverter],
    description: str,
    add_options: Optional[AddOptions] = None,
) -> None:
    """Read the command line and convert.

    What is wrong with files is said in one line.

    Args:
        converter: The class to use.
        description: Docstring of the tool.
        add_options: Adds what this converter takes beside the usual.
    """
    options = vars(_parser(converter, description, add_options).parse_args())
    out, workers = options.pop('out'), options.pop('workers')
    try:
        written = convert_dataset(converter(**options), out, workers)
    except (ValueError, OSError, ImportError) as error:
        # Below the progress bar.
        raise SystemExit(f'\nerror: {error}') from None
    if written:
        print(f'wrote {out} and its manifest {out.with_suffix(".json")}')  # noqa: T201
    else:
        print(f'{out} holds this conversion already')  # noqa: T201


def _parser(
    converter: Type[DatasetConverter],
    description: str,
    add_options: Optional[AddOptions],
) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=description,
        epilog=f'The data set comes from {converter.page}',
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('root', type=Path, help='folder of the data set')
    parser.add_argument(
        '--out', type=Path, required=True, help='annotation file, .npz'
    )
    parser.add_argument(
        '--split', choices=converter.splits, default=converter.splits[0]
    )
    parser.add_argument(
        '--body-model',
        default=BODY_MODEL,
        help="folder with the SMPL files, or 'open' (default: %(default)s)",
    )
    parser.add_argument(
        '--partial',
        action='store_true',
        help='the folder holds a part of the data set: leave out people '
        'without a picture and do not check counts',
    )
    parser.add_argument(
        '--workers',
        type=int,
        default=os.cpu_count(),
        help='processes (default: one a core); the bytes do not depend on it',
    )
    if add_options:
        add_options(parser)
    return parser
