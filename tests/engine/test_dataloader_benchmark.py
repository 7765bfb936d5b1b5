import time

import pytest
from mmengine.dataset import pseudo_collate
from torch.utils.data import DataLoader

from mmbopr.datasets import BodyMeshDataset
from mmbopr.engine.dataloader_benchmark import (
    samples_per_second,
    time_transforms,
)
from mmbopr.testing.people import make_people


class Wait:
    """A transform that takes a while."""

    def __init__(self, seconds):
        self.seconds = seconds

    def __call__(self, results):
        end = time.process_time() + self.seconds
        while time.process_time() < end:
            pass
        return results


class Hurry(Wait):
    pass


def test_time_is_charged_to_the_step(tmp_path):
    dataset = BodyMeshDataset(
        make_people(tmp_path, 2, image_size=(64, 48)).name,
        data_root=str(tmp_path),
        pipeline=[],
    )
    dataset.pipeline.transforms = [Wait(0.02), Hurry(0.0), Wait(0.01)]
    found = time_transforms(dataset, 5)
    assert list(found) == ['get_data_info', 'Wait', 'Hurry', 'Wait (3)']
    assert 20 <= found['Wait'] < 30 and 10 <= found['Wait (3)'] < 20
    assert found['Hurry'] < 5


class Clocked(list):
    """Samples, of which each takes a tenth of a second."""

    now = 0.0

    def __getitem__(self, idx):
        self.now += 0.1
        return dict(data_samples=super().__getitem__(idx))


@pytest.mark.parametrize('num_warmup', [0, 1, 7])
def test_samples_a_second_over_several_epochs(num_warmup):
    samples = Clocked(range(6))
    loader = DataLoader(samples, batch_size=4, collate_fn=pseudo_collate)
    # Batches of 4 and 2 in turn, beginning after the warm-up.
    speed = samples_per_second(
        loader, 5, num_warmup, clock=lambda: samples.now
    )
    assert speed == pytest.approx(10)


def test_a_loader_without_batches_is_refused():
    loader = DataLoader(Clocked(range(3)), batch_size=4, drop_last=True)
    with pytest.raises(ValueError, match='drop_last'):
        samples_per_second(loader, 1, 0)
