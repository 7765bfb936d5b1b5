"""Models by their names, out of checkpoints and of exported files."""

from difflib import get_close_matches
from pathlib import Path
from typing import Iterator, Optional, Tuple, Union

from mmengine.config import Config, ConfigDict
from mmengine.infer import BaseInferencer
from mmengine.runner import CheckpointLoader
from torch import nn

from mmbopr.engine.checkpoints import check_complete

from .init_model import init_model


def zoo_entries(scope: str = 'mmbopr') -> Iterator[dict]:
    """Entries of the metafiles; ``Config`` becomes a path that exists.

    Args:
        scope: Name of the package.

    Yields:
        dict: With ``Name``, ``Config`` and, some, ``Alias``, ``Results``
        and ``Weights``.
    """
    root = BaseInferencer._get_repo_or_mim_dir(scope)
    for entry in BaseInferencer._get_models_from_metafile(root):
        yield entry | dict(Config=str(Path(root) / entry['Config']))


def find_model(
    name: str, scope: str = 'mmbopr'
) -> Tuple[Config, Optional[str]]:
    """A model of the metafiles.

    Args:
        name: Its name or an alias, in any case.
        scope: Name of the package.

    Returns:
        tuple[Config, str | None]: Its config, and where its weights are, if
        any are published.

    Raises:
        ValueError: If there is none; names the nearest.
    """
    entry = find_entry(name, scope)
    return Config.fromfile(entry['Config']), entry.get('Weights')


def find_entry(name: str, scope: str = 'mmbopr') -> dict:
    """The entry of a model in the metafiles, see :func:`zoo_entries`.

    Args:
        name: Its name or an alias, in any case.
        scope: Name of the package.

    Raises:
        ValueError: If there is none; names the nearest.
    """
    names = []
    for entry in zoo_entries(scope):
        known = [entry['Name'], *entry.get('Alias', [])]
        if name.lower() in map(str.lower, known):
            return entry
        names += known
    nearest = get_close_matches(name, names, 3, 0.3)
    raise ValueError(
        f'{name} is neither a config file nor a model of {scope}; the '
        f'nearest names are {nearest}'
    )


def config_in(checkpoint: Union[str, Path]) -> Config:
    """The config that MMEngine keeps in a checkpoint.

    Raises:
        ValueError: If there is none, or the file is no checkpoint.
    """
    check_complete(checkpoint)
    content = CheckpointLoader.load_checkpoint(str(checkpoint), 'cpu')
    text = content.get('message_hub', {}).get('runtime_info', {}).get('cfg')
    text = text or content.get('meta', {}).get('cfg')
    if not text:
        raise ValueError(
            f'{checkpoint} holds no config: give the config file that it was '
            'trained with'
        )
    return Config.fromstring(text, '.py')


def load_estimator(
    config: Union[str, Path, Config, ConfigDict, None],
    weights: Union[str, Path],
    device: str = 'cpu',
    backend: str = 'torch',
) -> nn.Module:
    """An estimator, whatever runs its network.

    Args:
        config: Config or its file; None takes what ``weights`` holds.
        weights: Checkpoint; for other backends than torch, the ``.onnx`` file
            that it was exported to.
        device: Of torch; other backends run on the CPU.
        backend: ``'torch'``, or see :func:`mmbopr.deployment.load_deployed`.

    Raises:
        ValueError: If the config, or the backend, is not known, or the
            weights are of another backend.
        RuntimeError: If the weights do not fit the config.
    """
    if isinstance(config, ConfigDict):
        config = Config(config)
    if backend != 'torch':
        from mmbopr.deployment import load_deployed

        return load_deployed(weights, backend, config)
    if Path(weights).suffix == '.onnx':
        raise ValueError(
            f"{weights} is an exported model: give backend 'onnxruntime' or "
            "'openvino' with it (--backend)"
        )
    if config is None:
        config = config_in(weights)
    return init_model(config, weights, device)
