"""Official weights under our names.

Every key of a checkpoint is mapped, or dropped for a reason that is given;
anything else is a problem.
"""

import re
from collections import Counter
from pathlib import Path
from typing import (
    Any,
    Callable,
    Dict,
    List,
    NamedTuple,
    Sequence,
    Union,
)

import torch
from mmengine.config import Config
from torch import Tensor

from mmbopr.registry import MODELS

BASES = Path(__file__).resolve().parents[2] / 'configs/_base_/models'


class Rule(NamedTuple):
    """What becomes of keys; the first rule that matches counts.

    Attributes:
        pattern: Regular expression of whole keys.
        target: The key here, as a template of the match or as a function of
            it; None drops the tensor.
        change: How the tensor is laid out here.
        reason: Why it is dropped.
    """

    pattern: str
    target: Union[str, Callable[[re.Match], str], None]
    change: Callable[[Tensor], Tensor] = lambda tensor: tensor
    reason: str = ''

    def rename(self, match: re.Match) -> str:
        """The key here."""
        if isinstance(self.target, str):
            return match.expand(self.target)
        return self.target(match)


class Original(NamedTuple):
    """An official network.

    Attributes:
        name: What users call it.
        page: Where it and its licence are found.
        root: Key of the file under which the weights lie.
        prefix: Of the network's keys among them.
        rules: The mapping.
        find_base: From the weights to the name of the model base.
        added: Parameters that only exist here.
        beside: Regular expression of keys without the prefix that belong to
            the training run, not to the network.
    """

    name: str
    page: str
    root: str
    prefix: str
    rules: Sequence[Rule]
    find_base: Callable[[Dict[str, Tensor]], str]
    added: Dict[str, Tensor] = {}
    beside: str = '(?!)'  # none


class Conversion:
    """Converted weights and an account of every key.

    Args:
        base: Name of the model base that is to take the weights.

    Attributes:
        shapes: Keys and shapes that the base has.
        state_dict: The weights under the names used here.
        counts: (what happened, to what) -> number of keys.
        account: One line a key: what became of it.
        problems: Kind of problem -> keys.
    """

    def __init__(self, base: str):
        self.base = base
        self.shapes = expected_shapes(base)
        self.state_dict: Dict[str, Tensor] = {}
        self.counts = Counter()
        self.account: List[str] = []
        self.problems = {'unknown': [], 'misshapen': [], 'lacking': []}

    def map(self, key: str, tensor: Tensor, rules: Sequence[Rule]) -> None:
        """Account for one key of the checkpoint."""
        matches = ((rule, re.fullmatch(rule.pattern, key)) for rule in rules)
        rule, match = next((x for x in matches if x[1]), (None, None))
        if rule is not None and rule.target is None:
            self.drop(key, f'{rule.pattern}: {rule.reason}')
            return
        ours = rule and rule.rename(match)
        if ours not in self.shapes or ours in self.state_dict:
            self.problems['unknown'].append(key)
            return
        try:
            value = rule.change(tensor)
        except (RuntimeError, IndexError):  # too few dimensions
            value = tensor
        if value.shape != self.shapes[ours]:
            shape = tuple(tensor.shape)
            self.problems['misshapen'].append(f'{key} {shape}')
            return
        self.state_dict[ours] = value.contiguous()
        self.counts['mapped', f'to {ours.split(".")[0]}'] += 1
        self.account.append(f'mapped   {key} -> {ours}')

    def drop(self, key: str, reason: str) -> None:
        """Account for a key that is not needed."""
        self.counts['dropped', reason] += 1
        self.account.append(f'dropped  {key}  ({reason})')

    def finish(self, added: Dict[str, Tensor]) -> None:
        """Add what only exists here, and see what is lacking."""
        for key, tensor in added.items():
            self.state_dict[key] = tensor
            self.counts['added', f'{key}: the original has none'] = 1
            self.account.append(f'added    {key}')
        self.problems['lacking'] = [
            key for key in self.shapes if key not in self.state_dict
        ]

    def __str__(self) -> str:
        """A table of what happened to how many keys."""
        rows = [(n, *key) for key, n in sorted(self.counts.items())]
        for what, keys in self.problems.items():
            rows.append((len(keys), what, ', '.join(keys)))
        return '\n'.join(
            f'{n:>6} {what:<9}  {subject}'.rstrip()
            for n, what, subject in rows
        )


def select(content: Any, original: Original, path: Path) -> Dict[str, Tensor]:
    """The weights in a file, with the prefix of their keys.

    Raises:
        ValueError: If they are not where the official file has them.
    """
    state = content.get(original.root) if isinstance(content, dict) else None
    if not isinstance(state, dict) or not all(
        isinstance(x, Tensor) for x in state.values()
    ):
        found = list(content) if isinstance(content, dict) else type(content)
        raise ValueError(
            f'{path} is no checkpoint of {original.name}: expected a dict of '
            f'weights under {original.root!r}, found {found}'
        )
    return state


def convert(state: Dict[str, Tensor], original: Original) -> Conversion:
    """Give weights our names and layout.

    Args:
        state: Weights of the official network, with their prefix.
        original: Which network it is.

    Returns:
        Conversion: Incomplete if it has problems.

    Raises:
        ValueError: If no model base has that network.
    """
    prefix = original.prefix
    inside = {
        key[len(prefix) :]: tensor
        for key, tensor in state.items()
        if key.startswith(prefix)
    }
    conversion = Conversion(original.find_base(inside))
    for key in state:
        if key.startswith(prefix):
            continue
        if re.fullmatch(original.beside, key):
            conversion.drop(key, f'not in {prefix}*: of the training run')
        else:
            conversion.problems['unknown'].append(key)
    for key, tensor in inside.items():
        conversion.map(key, tensor, original.rules)
    conversion.finish(original.added)
    return conversion


def expected_shapes(base: str) -> Dict[str, torch.Size]:
    """Keys and shapes of the weights of a model base."""
    cfg = Config.fromfile(BASES / f'{base}.py').model
    with torch.device('meta'):
        parts = {
            part: MODELS.build(cfg[part])
            for part in ('backbone', 'neck', 'head')
        }
    return {
        f'{part}.{key}': tensor.shape
        for part, module in parts.items()
        for key, tensor in module.state_dict().items()
    }
