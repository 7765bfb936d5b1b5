"""Examine a config before it is run."""

import argparse
from typing import Callable, Sequence

from mmengine.config import Config
from mmengine.registry import init_default_scope

from mmbopr.engine.config_check import ConfigKeyError
from mmbopr.engine.config_model import build_model
from mmbopr.engine.launch import add_run_arguments, load_config

from .data_files import find_data
from .dry_run import dry_run
from .finding import Finding
from .model_files import find_bodies, find_checkpoints
from .resources import estimate


def read_config(path: str, options: Sequence[str] = ()) -> Config:
    """Load and check a config as ``tools/train.py`` does.

    Args:
        path: The config file.
        options: ``KEY=VALUE`` each.

    Raises:
        SystemExit: If it holds a key that nothing reads.
    """
    parser = argparse.ArgumentParser(
        'mmbopr doctor', '%(prog)s CONFIG [--cfg-options KEY=VALUE ...]'
    )
    add_run_arguments(parser)
    argv = [path, *(['--cfg-options', *options] if options else [])]
    try:
        return load_config(parser.parse_args(argv))
    except ConfigKeyError as error:
        raise SystemExit(f'error: {error}') from None


def examine(cfg: Config, say: Callable[[str], None] = print) -> bool:
    """Say what a config needs, whether it is there, and try a batch.

    Args:
        cfg: Of training and test of a ``BodyMeshEstimator``.
        say: Takes each line.

    Returns:
        bool: Whether nothing is missing or wrong.
    """
    init_default_scope(cfg.get('default_scope', 'mmbopr'))
    say(f'{cfg.filename}')
    by_phase = find_data(cfg)
    # Phases share files.
    data = list(dict.fromkeys(x for found in by_phase.values() for x in found))
    bodies, weights = find_bodies(cfg), find_checkpoints(cfg)
    _say_section(say, 'Data', data)
    _say_section(say, 'Body models', bodies)
    _say_section(say, 'Checkpoints', weights)
    if 'body_model' not in cfg.get('model', {}):
        say('No dry run: the model is no BodyMeshEstimator.')
        return _all_good(data, bodies, weights)
    with_bodies = _all_good(bodies)
    model = build_model(cfg, with_bodies)
    there = {
        phase: with_bodies and _all_good(found)
        for phase, found in by_phase.items()
    }
    tried = dry_run(cfg, model, there)
    body = '' if with_bodies else ', on the open body'
    _say_section(say, f'Dry run with random weights{body}', tried)
    if _all_good(tried):
        say('Memory and disk, estimated')
        for line in estimate(cfg, model):
            say(f'      {line}')
    findings = [*data, *bodies, *weights, *tried]
    bad = sum(not x.good for x in findings)
    say(
        f'{bad} of {len(findings)} things are missing or wrong.'
        if bad
        else 'All is there.'
    )
    return not bad


def _all_good(*groups: Sequence[Finding]) -> bool:
    return all(finding.good for group in groups for finding in group)


def _say_section(say, title: str, findings: Sequence[Finding]) -> None:
    say(title)
    for finding in findings:
        say(str(finding))
    if not findings:
        say('      none needed')
