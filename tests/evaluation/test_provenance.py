import hashlib

import pytest
from mmengine.config import Config

from mmbopr.evaluation.provenance import describe_files, find_mesh_metric

MESH = dict(type='mmbopr.HumanMeshMetric', body_model='open')
OTHER = dict(type='OtherMetric')


@pytest.fixture
def config(tmp_path):
    (tmp_path / 'rows.npz').write_bytes(b'rows')
    (tmp_path / 'net.pth').write_bytes(b'weights')
    (tmp_path / 'recipe.py').write_text('')
    cfg = Config.fromfile(tmp_path / 'recipe.py')
    dataset = dict(data_root=str(tmp_path), ann_file='rows.npz')
    cfg.test_dataloader = dict(dataset=dataset)
    return cfg


@pytest.mark.parametrize('evaluator', [MESH, [OTHER, MESH]])
def test_the_mesh_metric_is_found(config, evaluator):
    config.test_evaluator = evaluator
    assert find_mesh_metric(config).to_dict() == MESH


@pytest.mark.parametrize('evaluator', [None, OTHER, [OTHER]])
def test_a_test_without_one_is_refused(config, evaluator):
    config.test_evaluator = evaluator
    with pytest.raises(ValueError, match=r'recipe\.py.*HumanMeshMetric'):
        find_mesh_metric(config)


def test_files_are_named_with_their_digests(config, tmp_path):
    assert describe_files(config, tmp_path / 'net.pth') == dict(
        config='recipe.py',
        checkpoint='net.pth',
        checkpoint_sha256=hashlib.sha256(b'weights').hexdigest(),
        ann_file=str(tmp_path / 'rows.npz'),
        data_sha256=hashlib.sha256(b'rows').hexdigest(),
    )
