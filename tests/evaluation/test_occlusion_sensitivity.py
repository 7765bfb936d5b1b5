"""On a model that errs by where it is occluded, and on a real one."""

import json

import numpy as np
import pytest
import torch
from mesh_fakes import FakeBody, make_samples, random_parameters
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmengine.structures import InstanceData

from mmbopr.apis import init_model
from mmbopr.evaluation.occlusion_grid import OcclusionGrid
from mmbopr.evaluation.occlusion_sensitivity import (
    OCCLUSION_FORMAT,
    measure_occlusion_sensitivity,
)
from mmbopr.registry import DATASETS, METRICS
from mmbopr.structures import H36M_17, LSP_14
from mmbopr.testing.tiny_config import (
    TINY_BASE,
    make_tiny_data,
    tiny_options,
)

WRIST = H36M_17.names.index('left_wrist')
SENSITIVE = (7, 12)  # row and column of a pixel
SIZE = (16, 20)
GRID = OcclusionGrid.cover(SIZE, 6, 3)
NUM_PEOPLE = 3


class FakeModel:
    """Misses the left wrist by 50 mm, by 100 mm if the pixel is hidden."""

    body_model = FakeBody()

    def __init__(self):
        self.batches = []

    def data_preprocessor(self, data, training):
        assert not training
        inputs = torch.stack(data['inputs']).float()
        return dict(inputs=inputs, data_samples=data['data_samples'])

    def predict(self, inputs, samples):
        self.batches.append(len(inputs))
        for crop, sample in zip(inputs, samples, strict=True):
            hidden = float(crop[(0, *SENSITIVE)] == 0)
            joints = sample.truth.joints_h36m.clone()
            joints[:, WRIST] += (1 + hidden) * torch.tensor([0.03, 0, 0.04])
            sample.pred_instances = InstanceData(
                vertices=sample.truth.vertices, joints_h36m=joints
            )
        return samples


class FakeDataset(list):
    metainfo = dict(dataset_name='toy', split='test')


@pytest.fixture
def dataset():
    truth = random_parameters(NUM_PEOPLE)
    samples = make_samples(FakeModel.body_model, truth, truth)
    for sample in samples:
        sample.truth = sample.pred_instances
        del sample.pred_instances
    crop = torch.ones(3, *SIZE)
    return FakeDataset(
        dict(inputs=crop, data_samples=sample) for sample in samples
    )


def measure(model, dataset, **kwargs):
    rows = range(len(dataset))
    return measure_occlusion_sensitivity(model, dataset, rows, GRID, **kwargs)


def covers(top, left):
    row, column = SENSITIVE
    return top <= row < top + 6 and left <= column < left + 6


def test_errors_are_those_of_the_place_that_is_hidden(dataset):
    result = measure(FakeModel(), dataset)
    wrist = LSP_14.names.index('left_wrist')
    expected = np.zeros((NUM_PEOPLE, *GRID.shape, 14))
    for r, top in enumerate(GRID.tops):
        for c, left in enumerate(GRID.lefts):
            expected[:, r, c, wrist] = 100 if covers(top, left) else 50
    assert 0 < (expected == 100).sum() < (expected == 50).sum()
    np.testing.assert_allclose(result.errors, expected, atol=1e-3)
    np.testing.assert_allclose(
        result.baseline, 50 * np.eye(14)[[wrist] * NUM_PEOPLE], atol=1e-3
    )
    assert result.sample_idx.tolist() == [0, 1, 2]


def test_summary(dataset):
    summary = measure(FakeModel(), dataset).summarize()
    share = np.mean([covers(t, x) for t in GRID.tops for x in GRID.lefts])
    assert summary['MPJPE'] == pytest.approx(50 / 14, abs=1e-3)
    assert summary['mean_increase'] == pytest.approx(50 * share / 14, abs=1e-3)
    assert summary['max_increase'] == pytest.approx(50 / 14, abs=1e-3)
    assert summary['joints']['left_wrist'] == pytest.approx(
        dict(MPJPE=50, mean_increase=50 * share, max_increase=50), abs=1e-3
    )
    assert summary['joints']['head'] == pytest.approx(
        dict(MPJPE=0, mean_increase=0, max_increase=0), abs=1e-3
    )


def test_worst_places_are_averaged_over_people(dataset):
    dataset[0]['inputs'] = torch.zeros(3, *SIZE)  # as if always hidden
    summary = measure(FakeModel(), dataset).summarize()
    assert summary['MPJPE'] == pytest.approx(200 / 3 / 14, abs=1e-3)
    assert summary['max_increase'] == pytest.approx(100 / 3 / 14, abs=1e-3)


def test_positions_go_through_the_network_in_batches(dataset):
    model = FakeModel()
    positions = GRID.shape[0] * GRID.shape[1] + 1
    small = measure(model, dataset, batch_size=10)
    assert sum(model.batches) == NUM_PEOPLE * positions
    assert len(model.batches) == NUM_PEOPLE * -(-positions // 10)
    large = measure(FakeModel(), dataset, batch_size=1000)
    np.testing.assert_array_equal(small.errors, large.errors)


def test_the_file_holds_everything(dataset, tmp_path):
    result = measure(FakeModel(), dataset, protocol=dict(stride=3))
    result.write(tmp_path / 'out' / 'errors.npz')
    with np.load(tmp_path / 'out/errors.npz', allow_pickle=False) as file:
        assert str(file['format']) == OCCLUSION_FORMAT
        np.testing.assert_array_equal(file['errors'], result.errors)
        np.testing.assert_array_equal(file['baseline'], result.baseline)
        np.testing.assert_array_equal(file['tops'], GRID.tops)
        np.testing.assert_array_equal(file['lefts'], GRID.lefts)
        assert file['patch'] == 6 and file['sample_idx'].tolist() == [0, 1, 2]
        assert tuple(file['joints']) == LSP_14.names
        protocol = json.loads(str(file['protocol']))
    assert protocol == result.protocol
    assert protocol['patch'] == 6 and protocol['stride'] == 3
    assert protocol['count'] == 3 and protocol['root'] == 'pelvis'
    assert protocol['body_model_id'] == 'fake-1'
    assert protocol['dataset_name'] == 'toy' and protocol['split'] == 'test'


def test_people_without_a_body_or_with_another_are_refused(dataset):
    sample = dataset[1]['data_samples']
    sample.gt_instance_labels.has_smpl[:] = False
    with pytest.raises(ValueError, match=r'row 1 \(images/1\.jpg\).*no body'):
        measure(FakeModel(), dataset)
    sample.gt_instance_labels.has_smpl[:] = True
    sample.set_metainfo(dict(body_model_id='smpl'))
    with pytest.raises(ValueError, match=r"row 1 .*'smpl'.*'fake-1'"):
        measure(FakeModel(), dataset)


def test_without_the_square_errors_are_those_of_the_metric(
    pytestconfig, tmp_path
):
    cfg = Config.fromfile(pytestconfig.rootpath / 'configs' / TINY_BASE)
    cfg.merge_from_dict(tiny_options(make_tiny_data(tmp_path)))
    torch.manual_seed(0)
    model = init_model(cfg)
    dataset = DATASETS.build(cfg.test_dataloader.dataset)
    grid = OcclusionGrid.cover((64, 64), 32, 32)
    rows = [0, 2, 3]
    result = measure_occlusion_sensitivity(model, dataset, rows, grid)

    init_default_scope('mmbopr')
    metric = METRICS.build(cfg.test_evaluator)
    metric.dataset_meta = dataset.metainfo
    for row in rows:
        data = dataset[row]
        batch = {key: [value] for key, value in data.items()}
        samples = model.test_step(batch)
        metric.process(batch, [sample.to_dict() for sample in samples])
    errors = [x['joint_errors'] for x in metric.results]
    np.testing.assert_allclose(
        result.baseline, 1000 * np.linalg.norm(errors, axis=-1), rtol=1e-4
    )
    assert result.errors.shape == (3, 2, 2, 14)
    assert np.abs(result.errors - result.baseline[:, None, None]).max() > 1e-3
