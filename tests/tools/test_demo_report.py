import importlib.util
import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.registry import init_default_scope

from mmbopr.body_models import GenderedSMPL
from mmbopr.datasets.annotations import AnnotationFile
from mmbopr.engine.config_check import ConfigError
from mmbopr.evaluation import score_predictions, summarize, write_dump
from mmbopr.evaluation.functional import mean_body
from mmbopr.registry import MODELS
from mmbopr.testing.people import make_people
from mmbopr.utils.rotation import axis_angle_to_matrix

ROOT = Path(__file__).parents[2]
NUM_PEOPLE = 5
# That of the config.
PROTOCOL = dict(root='mid_hip', gt_gender='neutral')

CONFIG = """
default_scope = 'mmbopr'
pipeline = [
    dict(type='LoadMeshImage'),
    dict(type='MeshTopdownAffine', input_size=(64, 64)),
    dict(type='PackMeshInputs'),
]
dataset = dict(
    type='BodyMeshDataset', ann_file='people.npz', data_root='{root}',
    data_prefix=dict(img=''), pipeline=pipeline, test_mode=True)
train_dataloader = dict(
    dataset=dict(type='RepeatDataset', times=3, dataset=dataset))
test_dataloader = dict(dataset=dataset)
test_evaluator = dict(
    type='HumanMeshMetric', protocol=dict(root='mid_hip', gt_gender='neutral'))
model = dict(
    type='BodyMeshEstimator',
    data_preprocessor=dict(
        type='mmpose.PoseDataPreprocessor', mean=[123.675, 116.28, 103.53],
        std=[58.395, 57.12, 57.375], bgr_to_rgb=True),
    backbone=dict(
        type='mmpose.ResNet', depth=18, base_channels=16, out_indices=(3,)),
    neck=dict(type='AttentionGuidedEncoder', in_channels=128),
    head=dict(type='BARHead'),
    body_model=dict(type='GenderedSMPL', model_path='open'),
    target_builder=dict(type='BodyTargetBuilder'))
"""


def load_tool():
    path = ROOT / 'tools/analysis_tools/demo_report.py'
    spec = importlib.util.spec_from_file_location('demo_report', path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Page(HTMLParser):
    """Headings, pictures and every reference of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.references, self.text = [], [], text
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.references += [
            value for key, value in attrs if key in ('src', 'href')
        ]


@pytest.fixture(scope='module')
def report(tmp_path_factory):
    """Folder of a report on a random network, and the dump it is about."""
    folder = tmp_path_factory.mktemp('demo')
    make_people(folder, NUM_PEOPLE, image_size=(160, 120))
    config = folder / 'config.py'
    config.write_text(CONFIG.replace('{root}', str(folder)))
    cfg = Config.fromfile(config)
    init_default_scope('mmbopr')
    torch.manual_seed(0)
    state = MODELS.build(cfg.model).state_dict()
    torch.save(dict(state_dict=state), folder / 'net.pth')
    dump = make_dump(folder / 'people.npz')
    write_dump(dump, folder / 'dump.npz')
    log = folder / 'work/20260101_000000/vis_data/scalars.json'
    log.parent.mkdir(parents=True)
    log.write_text(
        '{"loss": 4.0, "loss_pose": 3.0, "epoch": 1, "step": 10}\n'
        '{"loss": 2.0, "loss_pose": 1.0, "epoch": 2, "step": 20}\n'
        '{"mesh/MPJPE": 150.0, "mesh/PVE": 170.0, "step": 1}\n'
        '{"mesh/MPJPE": 120.0, "mesh/PVE": 130.0, "step": 2}\n'
    )
    run_tool(folder)
    return folder / 'out', dump


def run_tool(folder, dump='dump.npz'):
    options = dict(dump=dump, work_dir='work', out='out')
    argv = [str(folder / 'config.py'), str(folder / 'net.pth')]
    for key, value in options.items():
        argv += [f'--{key.replace("_", "-")}', str(folder / value)]
    load_tool().main([*argv, '--num-people=3'])


def make_dump(ann_file, protocol=PROTOCOL):
    """Scores of the truth with one turned wrist, more from row to row."""
    rows = AnnotationFile(str(ann_file)).columns
    pose = np.array(rows['pose'])
    pose[:, 18] += np.arange(NUM_PEOPLE)[:, None] * 0.4
    return score_predictions(
        GenderedSMPL('open'),
        rows['pose'],
        rows['betas'],
        rows['gender'],
        axis_angle_to_matrix(torch.from_numpy(pose)),
        rows['betas'],
        protocol=protocol,
        occlusion=np.linspace(0, 0.5, NUM_PEOPLE),
    )


def test_metrics_of_mean_body_and_model(report):
    out, dump = report
    metrics = json.loads((out / 'metrics.json').read_text())
    assert set(metrics) == {'mean_body', 'prediction'}
    assert metrics['prediction'] == summarize(dump)
    # Of random poses that face anywhere, the mean is far from each.
    assert metrics['mean_body']['MPJPE'] > 100
    assert metrics['mean_body']['PA-MPJPE'] < metrics['mean_body']['MPJPE']


def test_the_mean_body_is_scored_under_the_protocol_of_the_dump(report):
    out = report[0]
    people = AnnotationFile(str(out.parent / 'people.npz')).columns
    mean = mean_body(people['pose'], people['betas'])
    truth = [people[key] for key in ('pose', 'betas', 'gender')]
    body = GenderedSMPL('open')
    expected, other = (
        summarize(score_predictions(body, *truth, *mean, protocol=protocol))
        for protocol in (PROTOCOL, None)
    )
    found = json.loads((out / 'metrics.json').read_text())['mean_body']
    assert found == pytest.approx(expected)
    assert abs(found['MPJPE'] - other['MPJPE']) > 0.1


def test_a_dump_of_another_protocol_is_refused(report):
    folder = report[0].parent
    write_dump(make_dump(folder / 'people.npz', None), folder / 'other.npz')
    with pytest.raises(ValueError, match=r"root \('pelvis' and 'mid_hip'\)"):
        run_tool(folder, dump='other.npz')


def test_a_dump_without_meshes_is_refused(report):
    folder, dump = report[0].parent, report[1]
    facts = dict(name='mpi', gt_source='keypoints_3d')
    dump = replace(dump, protocol=dump.protocol | facts)
    write_dump(dump, folder / 'points.npz')
    with pytest.raises(ConfigError, match=r"points.*without meshes.* 'mpi'"):
        run_tool(folder, dump='points.npz')


def test_page_is_self_contained(report):
    page = Page((report[0] / 'index.html').read_text())
    assert page.references
    assert all(x.startswith('data:image/') for x in page.references)
    assert 'url(' not in page.text and '@import' not in page.text
    assert 'script' not in page.tags and 'link' not in page.tags


def test_page_shows_curves_people_and_protocol(report):
    page = Page((report[0] / 'index.html').read_text())
    assert page.tags.count('svg') == 3
    # Input, prediction and truth twice each, two attention maps.
    assert page.tags.count('img') == 3 * 7
    assert 'not comparable with published numbers' in page.text
    assert 'open-1' in page.text and 'mid_hip' in page.text
    assert '<td>Prediction</td>' in page.text and 'BoPR' not in page.text
    assert '0.0 mm' in page.text  # the best person is among those shown
    assert '50% occluded' in page.text  # and the worst


def test_people_are_spread_over_the_errors():
    tool = load_tool()
    errors = np.array([5.0, 1.0, 3.0, 2.0, 4.0])
    assert tool.spread_over_errors(errors, 3).tolist() == [1, 2, 0]
    assert tool.spread_over_errors(errors, 9).tolist() == [1, 3, 2, 4, 0]
