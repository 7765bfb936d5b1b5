"""On the tiny model: what its head sees, and what that does to the errors."""

from collections import namedtuple

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.dataset import pseudo_collate
from mmengine.runner import Runner
from torch import nn

from mmbopr.apis import init_model
from mmbopr.evaluation import read_dump, summarize
from mmbopr.evaluation.body_reference import (
    measure_body_reference,
    without_body_reference,
)
from mmbopr.structures.predictions import MissingFeatureError
from mmbopr.testing.tiny_config import (
    TINY_BASE,
    make_tiny_data,
    tiny_options,
)

PoorFeatures = namedtuple('PoorFeatures', ['part_query_feats'])


class PoorNeck(nn.Module):
    def forward(self, feats):
        return PoorFeatures(feats[-1])


@pytest.fixture(scope='module')
def config(pytestconfig, tmp_path_factory):
    cfg = Config.fromfile(pytestconfig.rootpath / 'configs' / TINY_BASE)
    data = make_tiny_data(tmp_path_factory.mktemp('people'))
    cfg.merge_from_dict(tiny_options(data))
    return cfg


@pytest.fixture
def model(config):
    torch.manual_seed(0)
    return init_model(config)


@pytest.fixture
def loader(config):
    return Runner.build_dataloader(config.test_dataloader)


@pytest.fixture
def batch(loader):
    return pseudo_collate([loader.dataset[i] for i in range(3)])


def seen_by_head(model, batch):
    """Features of a test step."""
    seen = []
    hook = model.head.register_forward_pre_hook(
        lambda head, inputs: seen.append(inputs[0])
    )
    model.test_step(batch)
    hook.remove()
    return seen[0]


def test_the_head_sees_zeros_and_all_else_as_it_was(model, batch):
    before = seen_by_head(model, batch)
    with without_body_reference(model):
        inside = seen_by_head(model, batch)
    after = seen_by_head(model, batch)
    assert before.body_ref_feat.abs().min() > 0
    expected = before._replace(
        body_ref_feat=torch.zeros_like(before.body_ref_feat)
    )
    for features, truth in ((inside, expected), (after, before)):
        for name, value in truth._asdict().items():
            assert torch.equal(getattr(features, name), value), name


def test_an_error_inside_leaves_the_model_as_it_was(model, batch):
    with pytest.raises(KeyError), without_body_reference(model):
        raise KeyError
    assert seen_by_head(model, batch).body_ref_feat.any()


def test_a_model_without_the_feature_is_refused(model, batch):
    model.neck = PoorNeck()
    with (
        without_body_reference(model),
        pytest.raises(MissingFeatureError, match=r'PoorNeck.*PoorFeatures'),
    ):
        model.test_step(batch)


def test_both_tests_and_their_difference(model, config, loader, tmp_path):
    result = measure_body_reference(
        model, loader, config.test_evaluator, dict(bbox_source='gt'), tmp_path
    )
    full = read_dump(tmp_path / 'full.npz')
    without = read_dump(tmp_path / 'without_body_reference.npz')
    assert result['full'] == summarize(full)
    assert result['without_body_reference'] == summarize(without)
    for key, value in result['difference'].items():
        assert value == summarize(without)[key] - summarize(full)[key]
    assert abs(result['difference']['MPJPE']) > 1e-3

    for dump, discard in ((full, False), (without, True)):
        for i, pose in enumerate(dump.pred_pose):
            features = seen_by_head(model, pseudo_collate([loader.dataset[i]]))
            if discard:
                features = features._replace(
                    body_ref_feat=0 * features.body_ref_feat
                )
            with torch.no_grad():
                expected = model.head(features, None).pose_rotmat[0]
            np.testing.assert_allclose(pose, expected, atol=1e-5)


def test_the_protocol_tells_the_two_apart(model, config, loader, tmp_path):
    metric = {**config.test_evaluator, 'protocol': dict(bbox_scale=1.2)}
    result = measure_body_reference(
        model, loader, metric, dict(bbox_source='gt'), tmp_path
    )
    protocol = result['protocol']
    assert protocol['count'] == 5 and protocol['joint_set'] == 'lsp_14'
    assert protocol['bbox_source'] == 'gt' and protocol['bbox_scale'] == 1.2
    other = read_dump(tmp_path / 'without_body_reference.npz').protocol
    assert other == {**protocol, 'body_reference': 'zeroed'}


def test_nothing_is_written_about_a_model_without_the_feature(
    model, config, loader, tmp_path
):
    model.neck = PoorNeck()
    with pytest.raises(MissingFeatureError):
        measure_body_reference(
            model, loader, config.test_evaluator, {}, tmp_path
        )
    assert not list(tmp_path.iterdir())
