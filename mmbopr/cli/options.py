"""Options that several commands have."""

import argparse
from pathlib import Path
from typing import Iterable, List

DEMO_CHECKPOINT = Path('work_dirs/demo/epoch_9.pth')

_PLURALS = dict(person='people')


def add_model_options(parser: argparse.ArgumentParser):
    """Add what says which model runs where.

    Returns:
        The group of options, for more of them.
    """
    group = parser.add_argument_group('model')
    group.add_argument(
        '--config',
        help='config file, or a name of `mmbopr list models`; by default '
        'what the checkpoint holds',
    )
    group.add_argument(
        '--checkpoint',
        help='weights; none are published. By default those of `make demo`',
    )
    group.add_argument('--device', help='cpu, cuda or mps; the best there is')
    group.add_argument(
        '--backend',
        default='torch',
        help='torch, or onnxruntime or openvino with an .onnx checkpoint',
    )
    return group


def settle_checkpoint(args: argparse.Namespace) -> None:
    """Take the demo's checkpoint where none is named.

    Raises:
        ValueError: If that is not there.
    """
    if args.checkpoint is not None:
        return
    if not DEMO_CHECKPOINT.is_file():
        raise ValueError(
            'give --checkpoint (and --config, if it holds none): no '
            'weights are published. `make demo` trains a small model in '
            f'minutes; then {DEMO_CHECKPOINT} is taken'
        )
    args.checkpoint = str(DEMO_CHECKPOINT)
    print(f'model of the demo: {args.checkpoint}')


def add_body_model_option(parser: argparse.ArgumentParser) -> None:
    """Add where the body is that results belong to."""
    parser.add_argument(
        '--body-model',
        default='open',
        metavar='PATH',
        help="folder of SMPL's files, for results on SMPL (default: the open "
        'body)',
    )


def check_display(args: argparse.Namespace) -> None:
    """Refuse ``--show`` at once where no window can be opened.

    Raises:
        OSError: If so.
    """
    from mmbopr.apis.overlay import require_display

    if args.show:
        require_display()


def counted(number: int, thing: str) -> str:
    """Such as '1 file', '2 files', '1 person', '2 people'."""
    if number == 1:
        return f'1 {thing}'
    return f'{number} {_PLURALS.get(thing, f"{thing}s")}'


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
