"""Pickles of packages that need not be installed."""

import pickle
from io import BytesIO
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

import numpy as np


class Foreign(NamedTuple):
    """An object of a class that is only named.

    Attributes:
        name: Module and name of the class or function, 'a.b c'.
        args: What it is called with; None for the class itself.
        state: What is set afterwards, or None.
    """

    name: str
    args: Optional[Tuple] = None
    state: Any = None


# Only the implementation in Python lets a type be written differently.
class _ForeignPickler(pickle._Pickler):
    dispatch = dict(pickle._Pickler.dispatch)

    def _save_foreign(self, item: Foreign) -> None:
        module, name = item.name.split()
        self.write(pickle.GLOBAL + f'{module}\n{name}\n'.encode())
        if item.args is not None:
            self.save(item.args)
            # pandas makes its objects without calling them.
            self.write(pickle.REDUCE if item.args else pickle.NEWOBJ)
        if item.state is not None:
            self.save(item.state)
            self.write(pickle.BUILD)

    dispatch[Foreign] = _save_foreign


def foreign_dumps(content: Any) -> bytes:
    """Pickle containers and arrays with :class:`Foreign` objects in them."""
    file = BytesIO()
    _ForeignPickler(file, protocol=4).dump(content)
    return file.getvalue()


def dataframe(columns: Dict[str, List]) -> Foreign:
    """A dataframe as pandas 1.0 pickles it.

    Args:
        columns: Lists of one length; of numbers, or of anything.

    Returns:
        Foreign: For :func:`foreign_dumps`.
    """
    arrays = {}
    for place, column in enumerate(columns.values()):
        numbers = all(isinstance(x, (int, float)) for x in column)
        array = np.empty(len(column), np.float64 if numbers else object)
        for row, item in enumerate(column):
            array[row] = item
        arrays.setdefault(array.dtype.kind, []).append((place, array))
    num_rows = len(next(iter(columns.values())))
    axes = [
        _index('base Index', data=np.array(list(columns), object), name=None),
        _index('range RangeIndex', name=None, start=0, stop=num_rows, step=1),
    ]
    blocks = [
        {
            'values': np.stack([array for _, array in group]),
            'mgr_locs': np.array([place for place, _ in group]),
        }
        for group in arrays.values()
    ]
    values = [block['values'] for block in blocks]
    names = [axes[0]] * len(blocks)
    version = {'0.14.1': {'axes': axes, 'blocks': blocks}}
    manager = Foreign(
        'pandas.core.internals.managers BlockManager',
        (),
        (axes, values, names, version),
    )
    return Foreign(
        'pandas.core.frame DataFrame',
        (),
        {'_data': manager, '_typ': 'dataframe', '_metadata': [], 'attrs': {}},
    )


def _index(kind: str, **fields: Any) -> Foreign:
    return Foreign(
        'pandas.core.indexes.base _new_Index',
        (Foreign(f'pandas.core.indexes.{kind}'), fields),
    )
