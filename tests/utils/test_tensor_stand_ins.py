import pickle
from io import BytesIO

import numpy as np
import pytest
import torch

from mmbopr.testing.foreign_pickle import Foreign, foreign_dumps
from mmbopr.utils.safe_load import UnsafePickleError, safe_load_pickle
from mmbopr.utils.tensor_stand_ins import TENSOR_ALLOW


@pytest.fixture
def load(tmp_path):
    def _load(content):
        path = tmp_path / 'tensors.pkl'
        path.write_bytes(content)
        return safe_load_pickle(path, allow=TENSOR_ALLOW)

    return _load


@pytest.mark.parametrize('protocol', [2, 4, 5])
@pytest.mark.parametrize(
    'tensor',
    [
        torch.arange(6.0).reshape(2, 3),
        torch.arange(6.0, requires_grad=True),
        torch.nn.Parameter(torch.ones(1, 3)),
        torch.arange(24).reshape(4, 6)[1:, ::2],
        torch.tensor(2.5, dtype=torch.float64),
    ],
    ids=['plain', 'gradient', 'parameter', 'view', 'scalar'],
)
def test_tensors_become_arrays(load, tensor, protocol):
    found = load(pickle.dumps({'x': tensor, 'y': 1}, protocol))
    assert type(found['x']) is np.ndarray
    np.testing.assert_array_equal(found['x'], tensor.detach().numpy())
    assert found['x'].dtype == tensor.detach().numpy().dtype


def storage(content):
    file = BytesIO()
    torch.save(content, file)
    return Foreign('torch.storage _load_from_bytes', (file.getvalue(),))


def test_a_view_beyond_the_storage_is_refused(load):
    data = torch.arange(4.0).untyped_storage()
    typed = torch.storage.TypedStorage(wrap_storage=data, dtype=torch.float32)
    for size, stride in (((5,), (1,)), ((2, 2), (3, 1))):
        tensor = Foreign(
            'torch._utils _rebuild_tensor_v2',
            (storage(typed), 0, size, stride, False, {}),
        )
        with pytest.raises(ValueError, match='cannot be read as a pickle'):
            load(foreign_dumps({'x': tensor}))


class Evil:
    def __reduce__(self):
        return eval, ('1 + 1',)


def test_the_bytes_of_a_tensor_cannot_run_code(load):
    with pytest.raises(ValueError, match='cannot be read as a pickle'):
        load(foreign_dumps(storage(Evil())))


def test_other_functions_of_torch_are_refused(load):
    with pytest.raises(UnsafePickleError, match=r'torch\.load'):
        load(foreign_dumps(Foreign('torch load', ('x',))))
