"""The doctor on a tiny config that trains, and on what can be wrong."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.config import Config

from mmbopr.cli import main
from mmbopr.doctor.data_files import converter_of
from mmbopr.doctor.preflight import examine
from mmbopr.doctor.resources import measure_activations
from mmbopr.testing.people import random_annotations
from mmbopr.testing.tiny_config import (
    TINY_BASE,
    make_tiny_data,
    tiny_options,
)

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope='module')
def data(tmp_path_factory):
    return make_tiny_data(tmp_path_factory.mktemp('tiny'))


@pytest.fixture
def tiny(data):
    cfg = Config.fromfile(ROOT / 'configs' / TINY_BASE)
    cfg.merge_from_dict(tiny_options(data))
    return cfg


def ask(cfg):
    """Verdict, and all that is said."""
    lines = []
    verdict = examine(cfg, lines.append)
    return verdict, '\n'.join(lines)


def move_test(cfg, folder, **columns):
    """Test on a file of other columns in another folder."""
    old = Path(cfg.test_dataloader.dataset.data_root)
    with np.load(old / 'people.npz') as file:
        np.savez(folder / 'people.npz', **{**file, **columns})
    cfg.merge_from_dict(
        {
            'test_dataloader.dataset.data_root': str(folder),
            'test_dataloader.dataset.data_prefix.img': str(old),
        }
    )


def test_all_is_there(tiny):
    verdict, text = ask(tiny)
    assert verdict and 'All is there.' in text and 'MISSING' not in text
    assert '8 rows, no manifest' in text and 'test: ' in text
    assert 'ok  loss and gradients of 2 samples of the data' in text
    assert '2 meshes of 6700 vertices' in text
    # Shared by validation and test, and said once.
    assert text.count('5 rows') == 1


def test_a_missing_file_and_a_made_up_batch(tiny):
    tiny.train_dataloader.dataset.data_root = 'nowhere'
    verdict, text = ask(tiny)
    assert not verdict and '1 of ' in text
    assert 'MISSING OR WRONG  annotations nowhere/people.npz' in text
    assert 'make_open_people.py' in text
    assert 'ok  loss and gradients of 2 samples made up' in text
    assert 'ok  prediction of 2 samples of the data' in text


def test_missing_bodies_and_how_to_get_them(tiny, tmp_path):
    tiny.model.body_model.model_path = str(tmp_path)
    verdict, text = ask(tiny)
    assert not verdict
    assert f'MISSING OR WRONG  neutral SMPL body in {tmp_path}' in text
    assert f'{tmp_path}/SMPL_NEUTRAL.pkl' in text
    assert f'regressor {tmp_path}/J_regressor_h36m.npy' in text
    assert 'on the open body' in text and 'samples made up' in text


def test_pictures_are_looked_for(tiny, tmp_path):
    move_test(tiny, tmp_path, img_path=np.full(5, 'images/Lost.jpg'))
    verdict, text = ask(tiny)
    assert not verdict
    assert '0 of 1 that were looked for are there' in text
    assert 'images/Lost.jpg is missing, for one' in text


@pytest.mark.parametrize(
    ('manifest', 'says'),
    [
        ('{"counts": {"rows": 5, "read": 7, "dropped": {"no box": 2}}}', None),
        ('{"counts": {"rows": 6, "read": 7}}', 'is about 6 rows'),
        ('{"counts"', 'is about None rows'),
    ],
)
def test_manifests_are_compared(tiny, tmp_path, manifest, says):
    move_test(tiny, tmp_path)
    (tmp_path / 'people.json').write_text(manifest)
    verdict, text = ask(tiny)
    assert verdict == (says is None)
    assert (says or "(7 read, left out: {'no box': 2})") in text


def test_the_count_of_the_protocol_is_compared(tiny):
    tiny.test_evaluator = dict(tiny.test_evaluator, protocol='pw3d_test')
    verdict, text = ask(tiny)
    assert not verdict and 'pw3d_test expects 35,515' in text
    tiny.test_evaluator.acknowledged_count = 5
    verdict, text = ask(tiny)
    assert verdict and '5 samples, as pw3d_test expects' in text


def test_rows_that_break_the_format_are_named(tiny, tmp_path):
    move_test(tiny, tmp_path, gender=np.array([0, 2, 7, 2, 2]))
    verdict, text = ask(tiny)
    assert not verdict and "'gender' is not one of" in text
    assert '(rows 2)' in text


def test_a_batch_that_the_model_cannot_use_is_a_finding(tiny):
    tiny.model.target_builder.map_size = 17
    verdict, text = ask(tiny)
    assert not verdict and 'MISSING OR WRONG  loss of 2 samples' in text
    assert 'ValueError: Target size' in text
    assert 'Memory and disk' not in text


def checkpoint_text(cfg, path):
    cfg.load_from = str(path)
    verdict, text = ask(cfg)
    return verdict, text.split('Checkpoints')[1].split('Dry run')[0]


def test_checkpoints(tiny, tmp_path):
    path = tmp_path / 'epoch_1.pth'
    verdict, text = checkpoint_text(tiny, path)
    assert not verdict and 'Train the stage that writes it' in text
    torch.save(dict(a=torch.zeros(1000)), path)
    verdict, text = checkpoint_text(tiny, path)
    assert verdict and 'sha256' in text
    path.write_bytes(path.read_bytes()[:-100])
    verdict, text = checkpoint_text(tiny, path)
    assert not verdict and 'damaged or cut off' in text


def test_checkpoints_to_be_downloaded(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(torch.hub, 'get_dir', lambda: str(tmp_path))
    url = 'https://example.org/net-01ba4719c80b_2022.pth'
    cached = tmp_path / 'checkpoints/net-01ba4719c80b_2022.pth'
    verdict, text = checkpoint_text(tiny, url)
    assert verdict and f'put it to {cached}' in text
    cached.parent.mkdir()
    cached.write_text('\n')  # its digest is that of the name
    assert checkpoint_text(tiny, url)[0]
    cached.write_text('torn')
    assert not checkpoint_text(tiny, url)[0]


def test_converters_are_told_for_every_named_data_set(tmp_path):
    cfg = Config.fromfile(
        ROOT / 'configs/ablations/'
        'bopr_hrnet-w32_1xb64-100k_coco-eft-part-224x224.py'
    )
    from mmbopr.doctor.data_files import find_data

    findings = find_data(cfg)
    (coco,) = findings['train']
    assert coco.remedy.endswith(
        'python tools/dataset_converters/coco_eft.py data/coco --split part '
        '--out data/coco/eft_part_train.npz'
    )
    for name in ('PW3D', 'OH50K3D', 'AGORA', 'MPIINF3DHP', 'Human36m'):
        converter = converter_of(dict(type=f'mmbopr.{name}MeshDataset'))
        tool = converter.tool or converter.name
        assert (ROOT / f'tools/dataset_converters/{tool}.py').is_file()


def test_subsets_are_counted(tiny, tmp_path):
    columns = random_annotations(6)
    np.savez(
        tmp_path / 'all.npz',
        **{
            **columns,
            'dataset': np.full(6, '3dpw'),
            'split': np.array(['train'] * 2 + ['test'] * 4),
        },
    )
    tiny.test_dataloader.dataset = dict(
        type='PW3DMeshDataset',
        data_root=str(tmp_path),
        ann_file='all.npz',
        subset='test',
    )
    _, text = ask(tiny)
    assert 'subset test' in text and '4 samples' in text
    tiny.test_dataloader.dataset.subset = 'occ'
    _, text = ask(tiny)
    assert 'the file lacks the splits' in text


class Products(torch.nn.Module):
    """Exponentials of x w: autograd keeps x and the result."""

    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(5, 7))

    def data_preprocessor(self, batch, training):
        return batch

    def parse_losses(self, losses):
        return losses['loss'], losses

    def forward(self, x, mode):
        return dict(loss=(x @ self.weight).exp().sum())


def test_activations_are_those_that_autograd_keeps():
    kept = measure_activations(Products(), dict(x=torch.zeros(3, 5)))
    assert kept == 4 * (3 * 5 + 3 * 7)


def test_the_exit_code(tiny, tmp_path, capsys):
    tiny.dump(tmp_path / 'tiny.py')
    argv = ['doctor', str(tmp_path / 'tiny.py')]
    assert main(argv) == 0
    lost = 'test_dataloader.dataset.ann_file=lost.npz'
    assert main([*argv, '--cfg-options', lost]) == 1
    assert 'test/lost.npz' in capsys.readouterr().out
    assert main(['doctor', str(tmp_path / 'none.py')]) == 2
    with pytest.raises(SystemExit, match='unknown key'):
        main([*argv, '--cfg-options', 'train_dataloder.x=1'])


def test_the_manifest_of_a_converter_is_understood(tiny, tmp_path):
    """The doctor reads what the converters write."""
    from mmbopr.datasets.converters import PW3DConverter, convert_dataset
    from mmbopr.testing.miniature import make_crowd
    from mmbopr.testing.miniature.pw3d import write_pw3d

    write_pw3d(tmp_path, 'flat_box_00', make_crowd(2, 1), split='train')
    converter = PW3DConverter(tmp_path, 'train', partial=True)
    convert_dataset(converter, tmp_path / 'all.npz')
    counts = json.loads((tmp_path / 'all.json').read_text())['counts']
    tiny.train_dataloader.dataset.update(
        type='PW3DMeshDataset',
        data_root=str(tmp_path),
        ann_file='all.npz',
        subset='train',
    )
    verdict, text = ask(tiny)
    assert verdict
    assert f'as its manifest says ({counts["read"]} read' in text
