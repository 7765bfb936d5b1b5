"""Two processes that see different numbers, over gloo."""

import multiprocessing
import os

import pytest
import torch
import torch.distributed as dist
from mmengine.config import Config
from mmengine.evaluator import Evaluator
from mmengine.model import BaseModel
from mmengine.runner import CheckpointLoader, Runner
from torch.utils.data import DataLoader

import mmbopr  # noqa: F401  (lets checkpoints be read)

PLAIN = '_base_/iter_based_runtime.py'
EMA = 'bopr/bopr_hrnet-w32_ema-bf16_1xb64-175k_coco-eft-224x224.py'


class Normalise(BaseModel):
    """Remembers the last batch; notes what it evaluates with."""

    def __init__(self, note):
        super().__init__()
        self.norm = torch.nn.BatchNorm1d(1, momentum=1.0)
        self.note = note

    def forward(self, numbers, mode):
        if mode == 'loss':
            return dict(loss=self.norm(numbers).mean())
        with open(self.note, 'a') as file:
            file.write(f'{self.norm.running_mean.item()} ')
        return [numbers]


class Preprocessor(torch.nn.Module):
    def forward(self, data, training):
        return dict(numbers=data)


def numbers(rank):
    """In iteration i rank r sees 10 r + i, minus and plus 2 r + 1."""
    steps, spread = torch.arange(6.0), 2 * rank + 1
    middle = 10 * rank + steps[:, None]
    return torch.cat([middle - spread, middle + spread], 1).view(-1, 1)


def run_rank(rank, folder, hooks):
    torch.set_num_threads(1)
    os.environ.update(RANK=str(rank), LOCAL_RANK=str(rank), WORLD_SIZE='2')
    store = dist.FileStore(str(folder / 'store'), 2)
    dist.init_process_group('gloo', store=store, rank=rank, world_size=2)
    Runner._log_env = lambda self, env_cfg: None  # asks the compiler: slow
    model = Normalise(folder / f'{rank}.txt')
    model.data_preprocessor = Preprocessor()
    loader = DataLoader(numbers(rank), batch_size=2)
    Runner(
        model,
        str(folder),
        train_dataloader=loader,
        train_cfg=dict(by_epoch=False, max_iters=5, val_interval=3),
        optim_wrapper=dict(optimizer=dict(type='SGD', lr=0.1)),
        val_dataloader=loader,
        val_cfg=dict(),
        val_evaluator=Evaluator([]),
        default_hooks=dict(
            checkpoint=dict(type='CheckpointHook', by_epoch=False, interval=2),
        ),
        custom_hooks=hooks,
        log_processor=dict(by_epoch=False),
        launcher='pytorch',
        default_scope='mmbopr',
        cfg=dict(
            model_wrapper_cfg=dict(
                type='MMDistributedDataParallel',
                device_ids=None,
                broadcast_buffers=False,
            )
        ),
    ).train()
    dist.barrier()
    dist.destroy_process_group()


@pytest.mark.parametrize('config', [PLAIN, EMA])
def test_all_see_and_save_the_average(tmp_path, pytestconfig, config):
    cfg = Config.fromfile(pytestconfig.rootpath / 'configs' / config)
    fork = multiprocessing.get_context('fork')
    ranks = [
        fork.Process(target=run_rank, args=(x, tmp_path, cfg.custom_hooks))
        for x in range(2)
    ]
    for process in ranks:
        process.start()
    for process in ranks:
        process.join(60)
    assert [process.exitcode for process in ranks] == [0, 0]
    for iteration in (2, 4, 5):
        path = str(tmp_path / f'iter_{iteration}.pth')
        state = CheckpointLoader.load_checkpoint(path)['state_dict']
        # The mean of iteration - 1 and iteration + 9, and of 2 and 18.
        assert state['norm.running_mean'].item() == iteration + 4
        assert state['norm.running_var'].item() == 10
    for rank in range(2):  # after iterations 3 and 5, in six batches
        seen = (tmp_path / f'{rank}.txt').read_text().split()
        assert seen == ['7.0'] * 6 + ['9.0'] * 6
