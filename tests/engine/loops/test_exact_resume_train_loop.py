"""Trainings in processes of their own, which can be killed."""

import multiprocessing
import os
import signal

import numpy as np
import pytest
import torch
from mmengine.dataset import DefaultSampler
from mmengine.hooks import Hook
from mmengine.model import BaseModel
from mmengine.runner import CheckpointLoader, Runner
from torch.utils.data import ConcatDataset, DataLoader, Dataset

from mmbopr.datasets import MixtureSampler
from mmbopr.datasets.samplers import mixture_sampler
from mmbopr.engine import ExactResumeTrainLoop

SIZES = (30, 4, 60)
RATIOS = (0.5, 0.2, 0.3)


class Note:
    """A file of numbers that all processes may append to."""

    def __init__(self, path):
        self.path = path

    def write(self, numbers):
        with open(self.path, 'a') as file:
            file.write(' '.join(map(str, numbers)) + '\n')

    def read(self):
        """A list a line."""
        if not self.path.exists():
            return []
        lines = self.path.read_text().splitlines()
        return [[int(number) for number in line.split()] for line in lines]


class Numbers(Dataset):
    """Its samples are numbers; notes which ones are loaded."""

    def __init__(self, first, size, note):
        self.first, self.size, self.note = first, size, note

    def __len__(self):
        return self.size

    def __getitem__(self, row):
        self.note.write([self.first + row])
        return self.first + row


class Fit(BaseModel):
    """Its weight depends on the order of the numbers that it sees."""

    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(1))

    def forward(self, numbers, mode):
        return dict(loss=(self.weight - numbers).square().mean())


class Watch(Hook):
    """Notes the batches; can kill the process."""

    def __init__(self, note, kill_at):
        self.note, self.kill_at = note, kill_at

    def before_train_iter(self, runner, batch_idx, data_batch=None):
        if runner.iter == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.note.write(data_batch.tolist())


class Preprocessor(torch.nn.Module):
    def forward(self, data, training):
        return dict(numbers=data)


def make_loader(folder, epoch_size=22, drop_last=True, **kwargs):
    note = Note(folder / 'loaded.txt')
    first_rows = np.cumsum([0, *SIZES])
    parts = [
        Numbers(int(first), size, note)
        for first, size in zip(first_rows, SIZES, strict=False)
    ]
    dataset = ConcatDataset(parts)
    sampler = MixtureSampler(dataset, RATIOS, epoch_size, seed=0)
    return DataLoader(
        dataset, 4, sampler=sampler, drop_last=drop_last, **kwargs
    )


def _run(folder, iters, kill_at, resume, ranks, loader):
    mixture_sampler.get_dist_info = lambda: ranks
    Runner._log_env = lambda self, env_cfg: None  # asks the compiler: slow
    model = Fit()
    model.data_preprocessor = Preprocessor()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    Runner(
        model,
        str(folder),
        train_dataloader=make_loader(folder, **loader),
        train_cfg=dict(type='mmbopr.ExactResumeTrainLoop', max_iters=iters),
        optim_wrapper=dict(optimizer=optimizer),
        default_hooks=dict(
            checkpoint=dict(type='CheckpointHook', by_epoch=False, interval=3),
        ),
        custom_hooks=[Watch(Note(folder / 'seen.txt'), kill_at)],
        log_processor=dict(by_epoch=False),
        resume=resume,
    ).train()


def train(
    folder, iters=10, kill_at=None, resume=False, ranks=(0, 1), **loader
):
    """Train in a forked process.

    Returns:
        tuple: Its exit code, the batches that it saw and the samples that it
        loaded.
    """
    notes = [Note(folder / f'{name}.txt') for name in ('seen', 'loaded')]
    for note in notes:
        note.path.unlink(missing_ok=True)
    process = multiprocessing.get_context('fork').Process(
        target=_run, args=(folder, iters, kill_at, resume, ranks, loader)
    )
    process.start()
    process.join(60)
    seen, loaded = (note.read() for note in notes)
    return process.exitcode, seen, [row for (row,) in loaded]


def weight(checkpoint):
    checkpoint = CheckpointLoader.load_checkpoint(str(checkpoint))
    return checkpoint['state_dict']['weight'].item()


def flat(batches):
    return [row for batch in batches for row in batch]


@pytest.mark.parametrize('drop_last', [True, False])
@pytest.mark.parametrize('ranks', [(0, 1), (1, 3)])
def test_a_killed_training_sees_what_it_would_have_seen(
    tmp_path, ranks, drop_last
):
    kwargs = dict(
        ranks=ranks, drop_last=drop_last, epoch_size=22 * ranks[1], iters=13
    )
    for name in ('straight', 'killed'):
        (tmp_path / name).mkdir()
    code, straight, _ = train(tmp_path / 'straight', **kwargs)
    assert code == 0 and len(straight) == 13
    code, before, _ = train(tmp_path / 'killed', kill_at=8, **kwargs)
    assert code == -signal.SIGKILL
    assert before == straight[:8]

    code, after, loaded = train(tmp_path / 'killed', resume=True, **kwargs)
    assert code == 0
    assert after == straight[6:]  # the last checkpoint is that of 6
    assert loaded == flat(after)
    assert weight(tmp_path / 'killed/iter_13.pth') == pytest.approx(
        weight(tmp_path / 'straight/iter_13.pth'), rel=1e-6
    )


def test_epochs_follow_each_other(tmp_path):
    _, seen, _ = train(tmp_path)
    sampler = make_loader(tmp_path).sampler
    rows = []
    for epoch in range(2):
        sampler.set_epoch(epoch)
        rows += list(sampler)[:20]  # the last two do not fill a batch
    assert flat(seen) == rows


@pytest.mark.parametrize('persistent', [True, False])
def test_data_workers_load_nothing_in_vain(tmp_path, persistent):
    """Two epochs of five batches, without and with a break after the 6th."""
    kwargs = dict(num_workers=2, persistent_workers=persistent)
    _, straight, loaded = train(tmp_path, **kwargs)
    assert sorted(loaded) == sorted(flat(straight))
    (tmp_path / 'last_checkpoint').write_text(str(tmp_path / 'iter_6.pth'))
    _, after, loaded = train(tmp_path, resume=True, **kwargs)
    assert after == straight[6:]
    assert sorted(loaded) == sorted(flat(after))


# --- mistakes
class FakeRunner:
    visualizer = None


def test_a_sampler_without_positions_is_refused(tmp_path):
    dataset = make_loader(tmp_path).dataset
    loader = DataLoader(dataset, sampler=DefaultSampler(dataset))
    with pytest.raises(
        TypeError, match=r"has DefaultSampler\. Use .*'MixtureSampler'"
    ):
        ExactResumeTrainLoop(FakeRunner, loader, max_iters=1)


def test_an_epoch_without_batches_is_refused(tmp_path):
    loader = make_loader(tmp_path, epoch_size=3)
    with pytest.raises(
        ValueError, match=r'3 samples .* not fill a batch of 4\. .*epoch_size'
    ):
        ExactResumeTrainLoop(FakeRunner, loader, max_iters=1)
