"""docs/distributed.md, with two machines that are this one."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from mmengine.runner import CheckpointLoader

from mmbopr.testing.tiny_config import (
    TINY_BASE,
    as_arguments,
    make_tiny_data,
    tiny_options,
)

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_two_machines_train_one_model(tmp_path):
    options = tiny_options(make_tiny_data(tmp_path / 'data')) | {
        'train_cfg.max_epochs': 1,
        'train_dataloader.batch_size': 2,
    }
    with socket.socket() as sock:
        sock.bind(('127.0.0.1', 0))
        port = sock.getsockname()[1]
    python = Path(sys.executable).parent
    env = {
        **os.environ,
        'PATH': f'{python}{os.pathsep}{os.environ["PATH"]}',
        'OMP_NUM_THREADS': '1',
        'NNODES': '2',
        'MASTER_ADDR': '127.0.0.1',
        'PORT': str(port),
    }
    command = [
        *(ROOT / 'tools/dist_train.sh', ROOT / 'configs' / TINY_BASE, '1'),
        *('--work-dir', tmp_path / 'work'),
        *('--cfg-options', *as_arguments(options)),
    ]
    machines = [
        subprocess.Popen(command, env=env | {'NODE_RANK': rank}, cwd=tmp_path)
        for rank in '01'
    ]
    assert [machine.wait(timeout=300) for machine in machines] == [0, 0]
    checkpoint = CheckpointLoader.load_checkpoint(
        str(tmp_path / 'work/epoch_1.pth')
    )
    assert checkpoint['meta']['iter'] == 2  # 8 people / (2 x 2)
