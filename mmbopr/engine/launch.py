"""What ``tools/train.py`` and ``tools/test.py`` share."""

import argparse
import os
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

import torch
import torch.distributed as dist
from mmengine.config import Config

from mmbopr.utils.cfg_options import add_cfg_options

from .checkpoints import latest_checkpoint
from .config_check import ConfigError, open_config
from .user_mistakes import describe_mistake


@contextmanager
def plain_errors() -> Iterator[None]:
    """End with one line where configs, checkpoints or data are at fault.

    All other errors keep their traceback.
    """
    try:
        yield
    except Exception as error:
        mistake = describe_mistake(error)
        if mistake is None:
            raise
        raise SystemExit(f'error: {mistake}') from None


@contextmanager
def leave_together() -> Iterator[None]:
    """Let the processes of a distributed run end as one.

    A process that exits while another still talks to it can be aborted by
    the communication threads that it leaves behind.  After an error nobody
    waits: the launcher ends the others.
    """
    yield
    if dist.is_initialized():
        dist.barrier()
        dist.destroy_process_group()


def add_run_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options that every run of a config takes."""
    parser.add_argument('config', help='config file')
    parser.add_argument('--work-dir', help='where logs and checkpoints go')
    parser.add_argument(
        '--show-dir', help='save pictures of evaluated samples there'
    )
    parser.add_argument(
        '--interval', type=int, default=1, help='picture every n-th batch'
    )
    add_cfg_options(parser)
    parser.add_argument(
        '--launcher',
        choices=['none', 'pytorch', 'slurm', 'mpi'],
        default='none',
        help='how the processes of a distributed run were started',
    )
    # torch.distributed.launch passes the rank as an option.
    parser.add_argument('--local_rank', '--local-rank', type=int, default=0)


def load_config(args: argparse.Namespace) -> Config:
    """Merge the options of :func:`add_run_arguments` into the config file.

    Raises:
        ConfigKeyError: If the config holds a key that nothing reads.
    """
    os.environ.setdefault('LOCAL_RANK', str(args.local_rank))
    cfg = open_config(args.config, args.cfg_options)
    cfg.launcher = args.launcher
    if args.work_dir:
        cfg.work_dir = args.work_dir
    elif cfg.get('work_dir') is None:
        cfg.work_dir = f'work_dirs/{Path(args.config).stem}'
    if args.show_dir:
        cfg.default_hooks.visualization.update(
            enable=True, out_dir=args.show_dir, interval=args.interval
        )
    _prepare_cpu_distributed(cfg)
    _leave_cores_to_data_workers(cfg)
    return cfg


def _prepare_cpu_distributed(cfg: Config) -> None:
    """Let ``--launcher pytorch`` run on CPU processes, over gloo.

    MMEngine selects a CUDA device unless the process group exists already,
    and hands ``device_ids`` to DDP unless the config says otherwise.
    """
    if cfg.launcher != 'pytorch' or torch.cuda.is_available():
        return
    if not dist.is_initialized():
        dist.init_process_group('gloo')
    wrapper = cfg.get('model_wrapper_cfg') or {
        'type': 'MMDistributedDataParallel'
    }
    wrapper.setdefault('device_ids', None)
    # What MMEngine sets when the config has no wrapper of its own.
    wrapper.setdefault('broadcast_buffers', False)
    wrapper.setdefault(
        'find_unused_parameters', cfg.get('find_unused_parameters', False)
    )
    cfg.model_wrapper_cfg = wrapper


def _leave_cores_to_data_workers(cfg: Config) -> None:
    """Give a CPU run as many threads as its data workers leave cores.

    Threads that share a core with a data worker make all others wait for
    them at every operation: a step then takes several times as long.
    """
    if torch.cuda.is_available() or 'OMP_NUM_THREADS' in os.environ:
        return
    workers = max(
        (cfg.get(key) or {}).get('num_workers', 0)
        for key in ('train_dataloader', 'test_dataloader')
    )
    torch.set_num_threads(max(1, os.cpu_count() - workers))


def resume(cfg: Config, checkpoint: str) -> None:
    """Let a training go on from a checkpoint.

    Args:
        cfg: The config.
        checkpoint: File, or ``'auto'`` for the latest complete one in the
            work directory.  If there is none yet, the training starts as it
            would without resuming: from ``load_from``, if the config has it.
    """
    if checkpoint == 'auto':
        checkpoint = latest_checkpoint(cfg.work_dir)
    cfg.resume = checkpoint is not None
    if cfg.resume:
        cfg.load_from = str(checkpoint)


def enable_amp(cfg: Config) -> None:
    """Train in mixed precision: float16 on CUDA, bfloat16 on a CPU.

    Raises:
        ConfigError: If the config has an optimiser wrapper of its own, which
            decides about precision itself.
    """
    wrapper = cfg.optim_wrapper.get('type', 'OptimWrapper')
    if wrapper not in ('OptimWrapper', 'AmpOptimWrapper'):
        raise ConfigError(
            f'{cfg.filename}: --amp cannot be combined with '
            f'optim_wrapper.type={wrapper!r}; drop the option, or the type '
            'from the config'
        )
    if torch.cuda.is_available():
        cfg.optim_wrapper.type = 'AmpOptimWrapper'
        cfg.optim_wrapper.setdefault('loss_scale', 'dynamic')
    else:
        cfg.optim_wrapper.type = 'mmbopr.BFloat16OptimWrapper'
