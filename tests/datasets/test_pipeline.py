import numpy as np
import pytest
import torch
from mmengine.registry import DATASETS, TRANSFORMS
from mmengine.runner import Runner

import mmbopr.datasets
from mmbopr.testing.people import make_people

TRAIN = [
    dict(type='mmbopr.MeshRandomFlip'),
    dict(type='mmbopr.MeshRandomBBoxTransform'),
    dict(type='mmbopr.LoadMeshImage', reduce_for=(224, 224)),
    dict(type='mmbopr.MeshTopdownAffine', input_size=(224, 224)),
    dict(type='mmbopr.SyntheticOcclusion'),
    dict(type='mmbopr.RandomChannelGain'),
    dict(type='mmbopr.PackMeshInputs'),
]
TEST = [
    dict(type='mmbopr.LoadMeshImage'),
    dict(type='mmbopr.MeshTopdownAffine', input_size=(224, 224)),
    dict(type='mmbopr.PackMeshInputs'),
]


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp('people')
    make_people(folder, 6)
    return folder


def config(folder, pipeline, **kwargs):
    return dict(
        type='mmbopr.BodyMeshDataset',
        ann_file='people.npz',
        data_root=str(folder),
        body_model_id='open-1',
        pipeline=pipeline,
        **kwargs,
    )


def test_test_sample_is_the_box(folder):
    dataset = DATASETS.build(config(folder, TEST, test_mode=True))
    sample = dataset[1]['data_samples']
    info = dataset.get_data_info(1)
    low = info['bbox_center'] - info['bbox_scale'] / 2
    expected = (info['keypoints_2d'][:, :2] - low) / info['bbox_scale'] * 2 - 1
    np.testing.assert_allclose(
        sample.gt_instance_labels.keypoints_2d[0, :, :2], expected, atol=1e-5
    )
    np.testing.assert_allclose(
        sample.gt_instance_labels.smpl_pose[0], info['smpl_pose'], atol=1e-5
    )
    assert sample.gt_instance_labels.has_segmentation.item() is True
    # The file's factor of 1.2 leaves a margin on the longer side.
    assert np.abs(expected).max() == pytest.approx(1 / 1.2, abs=1e-4)
    assert sample.gt_instances.visible.all()
    assert sample.img_path == f'{folder}/images/000001.jpg'
    assert sample.body_model_id == 'open-1'


def test_same_seed_same_sample(folder):
    dataset = DATASETS.build(config(folder, TRAIN))

    def draw(seed):
        np.random.seed(seed)
        sample = dataset[2]
        labels = sample['data_samples'].gt_instance_labels
        return sample['inputs'], labels.keypoints_2d, labels.smpl_pose

    for first, again, other in zip(draw(0), draw(0), draw(1), strict=True):
        assert torch.equal(first, again)
        assert not torch.equal(first, other)


def test_loader_with_workers(folder):
    loader = Runner.build_dataloader(
        dict(
            dataset=config(folder, TRAIN),
            batch_size=3,
            num_workers=2,
            sampler=dict(type='DefaultSampler', shuffle=True),
            collate_fn=dict(type='pseudo_collate'),
        ),
        seed=0,
    )
    seen = []
    for batch in loader:
        assert len(batch['inputs']) == 3
        for img, sample in zip(
            batch['inputs'], batch['data_samples'], strict=True
        ):
            assert img.shape == (3, 224, 224)
            assert img.float().std() > 5
            seen.append(sample.sample_idx)
    assert sorted(seen) == [0, 1, 2, 3, 4, 5]


def test_combined_with_mmpose(folder):
    combined = DATASETS.build(
        dict(
            type='mmpose.CombinedDataset',
            metainfo=dict(from_file='configs/_base_/datasets/coco.py'),
            datasets=[
                config(folder, [], supervise_segmentation=gate)
                for gate in (True, False)
            ],
            pipeline=TEST,
        )
    )
    assert len(combined) == 12
    for idx, row, gate in [(5, 5, True), (6, 0, False), (11, 5, False)]:
        sample = combined[idx]['data_samples']
        assert sample.sample_idx == row
        assert sample.dataset_name == 'stick-figures'
        labels = sample.gt_instance_labels
        assert labels.has_segmentation.tolist() == [gate]


def test_skipped_image(folder, tmp_path):
    make_people(tmp_path, 3)
    (tmp_path / 'images/000001.jpg').write_bytes(b'broken')
    pipeline = [dict(TEST[0], on_error='skip'), *TEST[1:]]
    dataset = DATASETS.build(config(tmp_path, pipeline))
    np.random.seed(0)
    assert dataset[1]['data_samples'].sample_idx in (0, 2)
    with pytest.raises(OSError, match='row 1'):
        DATASETS.build(config(tmp_path, TEST))[1]


def test_all_transforms_are_registered():
    for step in (*TRAIN, *TEST):
        name = step['type'].removeprefix('mmbopr.')
        assert type(TRANSFORMS.build(step)) is getattr(mmbopr.datasets, name)
