import cv2
import numpy as np
import pytest
from mmengine.config import ConfigDict
from mmengine.registry import init_default_scope

from mmbopr.datasets import BodyMeshDataset
from mmbopr.testing.people import make_people
from mmbopr.visualization.sample_view import SampleViewer, describe_sample

MODEL = ConfigDict(
    type='mmbopr.BodyMeshEstimator',
    body_model=dict(type='mmbopr.GenderedSMPL', model_path='open'),
    target_builder=dict(type='mmbopr.BodyTargetBuilder', map_size=64),
)
PIPELINE = [
    dict(type='mmbopr.LoadMeshImage'),
    dict(type='mmbopr.MeshTopdownAffine', input_size=(96, 96)),
    dict(type='mmbopr.PackMeshInputs'),
]


@pytest.fixture(scope='module')
def viewer():
    init_default_scope('mmbopr')
    return SampleViewer.from_model(MODEL)


@pytest.fixture
def packed(tmp_path):
    """Function that gives a packed person, some columns changed."""

    def load(**changes):
        ann_file = make_people(tmp_path, 1, image_size=(120, 96))
        with np.load(ann_file) as file:
            columns = dict(file)
        np.savez(ann_file, **{**columns, **changes})
        dataset = BodyMeshDataset(
            'people.npz', data_root=str(tmp_path), pipeline=PIPELINE
        )
        return dataset[0]

    return load


def draw(viewer, data):
    return viewer.draw(data['inputs'], data['data_samples'])


def test_all_pictures_of_a_body(viewer, packed):
    panels = draw(viewer, packed())
    names = list(panels)
    assert names[:4] == ['input', 'key points', 'mesh, neutral', 'part map']
    assert [name.split(' is')[0] for name in names[4:]] == [
        'RD, front', 'RD, left', 'RD, up',
    ]  # fmt: skip
    assert {picture.shape for picture in panels.values()} == {(288, 288, 3)}


def test_mesh_and_part_map_cover_the_same_person(viewer, packed):
    panels = draw(viewer, packed())
    mesh = (panels['mesh, neutral'] != panels['input']).any(-1)
    grey = cv2.cvtColor(panels['input'], cv2.COLOR_RGB2GRAY)
    parts = (panels['part map'] != grey[..., None]).any(-1)
    assert mesh.sum() > 0.05 * mesh.size
    assert (mesh & parts).sum() / (mesh | parts).sum() > 0.8


def test_what_is_not_labelled_is_not_drawn(viewer, packed):
    data = packed(has_smpl=np.zeros(1, bool))
    assert list(draw(viewer, data)) == ['input', 'key points']
    _, details = describe_sample(data['data_samples'])
    assert details.startswith('labels: 3D, 2D · walk, frame 0, person 0')


def test_a_body_that_cannot_be_placed_has_no_mesh(viewer, packed):
    data = packed(kp2d=np.zeros((1, 49, 3), np.float32))
    assert list(draw(viewer, data)) == ['input', 'key points']


def test_another_body_model_is_refused(viewer, packed):
    data = packed(body_model_id=np.array('smpl'))
    with pytest.raises(ValueError, match=r"jpg is .* 'smpl', but .*'open-1'"):
        draw(viewer, data)


def test_models_without_bodies_are_refused():
    model = ConfigDict(type='TopdownPoseEstimator', head=dict())
    with pytest.raises(ValueError, match=r"has no \['body_model', 'target"):
        SampleViewer.from_model(model)
