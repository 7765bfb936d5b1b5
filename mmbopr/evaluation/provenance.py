"""Where the numbers of a test come from: its metric, its files."""

from pathlib import Path
from typing import Dict, List, Union

from mmengine.config import Config, ConfigDict

from mmbopr.utils.digest import sha256


def mesh_metrics(cfg: Config, phase: str = 'test') -> List[ConfigDict]:
    """The configs of the ``HumanMeshMetric`` of a phase."""
    return [x for x in _evaluators(cfg, phase) if _is_mesh_metric(x)]


def find_mesh_metric(cfg: Config) -> ConfigDict:
    """The config of the test's ``HumanMeshMetric``.

    Raises:
        ValueError: If the test has none.
    """
    found = mesh_metrics(cfg)
    if found:
        return found[0]
    raise ValueError(
        f'{cfg.filename}: expected a HumanMeshMetric in test_evaluator, found '
        f'{[evaluator.type for evaluator in _evaluators(cfg, "test")]}; add '
        'one'
    )


def _evaluators(cfg: Config, phase: str) -> List[ConfigDict]:
    evaluators = cfg.get(f'{phase}_evaluator') or []
    if isinstance(evaluators, (list, tuple)):
        return list(evaluators)
    return [evaluators]


def _is_mesh_metric(evaluator: ConfigDict) -> bool:
    return evaluator.type.endswith('HumanMeshMetric')


def describe_files(
    cfg: Config, checkpoint: Union[str, Path]
) -> Dict[str, str]:
    """Names and digests of what the numbers of a test depend on.

    Args:
        cfg: With ``test_dataloader``.
        checkpoint: The weights.

    Returns:
        dict[str, str]: Entries of a protocol.
    """
    dataset = cfg.test_dataloader.dataset
    ann_file = Path(dataset.get('data_root', ''), dataset.get('ann_file', ''))
    facts = {
        'config': Path(cfg.filename).name,
        'checkpoint': Path(checkpoint).name,
        'checkpoint_sha256': sha256(Path(checkpoint)),
    }
    if ann_file.is_file():
        facts.update(ann_file=str(ann_file), data_sha256=sha256(ann_file))
    return facts
