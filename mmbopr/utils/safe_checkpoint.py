"""Read checkpoints of other projects without running anything in them."""

import pickle
import zipfile
from collections import OrderedDict
from contextlib import nullcontext
from pathlib import Path
from typing import Any, ContextManager, List, Tuple

import torch
from torch import serialization


class _Blank:
    """Stands for a class or function that a checkpoint names.

    To call it makes an empty dict, which takes the state that follows.
    """

    def __new__(cls, *args):
        return OrderedDict()


def load_foreign_checkpoint(path: Path) -> Tuple[Any, List[str]]:
    """Load the weights of a checkpoint that holds more than weights.

    Training frameworks save their settings and callbacks beside the weights,
    as objects of classes that are not installed here.  Each becomes an empty
    stand-in; ``weights_only`` stays on, and nothing that the file names is
    imported or called.

    Args:
        path: What ``torch.save`` wrote.

    Returns:
        tuple[Any, list[str]]: the content, and the names that stand-ins were
        put for.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it cannot be read that way.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f'there is no file {path}')
    try:
        names = _unknown_names(path)
        with _stand_ins(names):
            content = torch.load(path, map_location='cpu', weights_only=True)
    except (
        pickle.UnpicklingError, RuntimeError, EOFError, ValueError, TypeError,
    ) as error:  # fmt: skip
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise ValueError(
            f'{path} cannot be read safely ({reason}). Compare its size with '
            'the original. If it is complete and you trust it, load it where '
            'the project that made it is installed, and save its dict of '
            'weights alone, under the same key'
        ) from error
    return content, names


def _unknown_names(path: Path) -> List[str]:
    """Classes and functions in the file that torch does not know."""
    find = getattr(serialization, 'get_unsafe_globals_in_checkpoint', None)
    # torch can list them since 2.6, in files of the format that it writes
    # since 1.6; of others, those are refused that name any.
    if find is None or not zipfile.is_zipfile(path):
        return []
    return sorted(find(path))


def _stand_ins(names: List[str]) -> ContextManager:
    """Let the names, and no others, be read as blanks."""
    if not names:
        return nullcontext()
    return serialization.safe_globals([(_Blank, name) for name in names])
