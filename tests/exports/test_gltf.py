import numpy as np
import pytest

from mmbopr.exports.gltf import GltfFile


@pytest.mark.parametrize(('last', 'component'), [(65534, 5123), (65535, 5125)])
def test_indices_are_as_small_as_may_be(last, component):
    """65535 restarts a primitive if indices have 16 bits."""
    gltf = GltfFile(dict(generator='test'))

    gltf.add_faces(np.array([[0, 1, last]]))

    (accessor,) = gltf.document['accessors']
    assert accessor['componentType'] == component
    assert (accessor['min'], accessor['max']) == ([0], [last])


def test_arrays_begin_at_multiples_of_four():
    gltf = GltfFile(dict(generator='test'))

    gltf.add_array(np.zeros(3, np.uint16))
    gltf.add_array(np.zeros(1, np.float32))

    first, second = gltf.document['bufferViews']
    assert (first['byteLength'], second['byteOffset']) == (6, 8)
