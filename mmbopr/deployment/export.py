"""Write a model into a file that other runtimes read."""

from pathlib import Path
from typing import Any, Dict, Optional, Union

import torch
from mmengine.config import Config
from torch import nn
from torch.export import ExportedProgram

from mmbopr.engine.config_model import find_input_size
from mmbopr.structures import PART_NAMES, SMPL_45
from mmbopr.utils.atomic import replace_when_complete
from mmbopr.utils.packages import need
from mmbopr.version import __version__

from .metadata import (
    METADATA_KEY,
    DeploymentError,
    ExportMetadata,
)
from .network import MeshNetwork, Normalise, ParameterNetwork
from .tracing import example_inputs, inputs_read, trace

OPSET = 18
SMPL_LICENCE_PAGE = 'https://smpl.is.tue.mpg.de/modellicense.html'
_PREPROCESSING = ('mean', 'std', 'bgr_to_rgb')


class BodyLicenceError(DeploymentError):
    """A file would contain a body model whose licence restricts it."""


def export_model(
    model: nn.Module,
    path: Union[str, Path],
    *,
    checkpoint: Optional[Union[str, Path]] = None,
    vertices: bool = False,
    accept_smpl_licence: bool = False,
) -> ExportMetadata:
    """Export an estimator for any batch size.

    What the file computes, and its inputs and outputs, is described by
    :class:`~mmbopr.deployment.network.ParameterNetwork` and
    :class:`~mmbopr.deployment.network.MeshNetwork`.

    Args:
        model: What :func:`mmbopr.apis.init_model` returned.
        path: ``.onnx`` for ONNX, opset 18; ``.pt2`` for ``torch.export``.
        checkpoint: The weights' file, for the metadata.
        vertices: Whether meshes come out, too; the file then contains the
            body model.
        accept_smpl_licence: That a file that contains SMPL falls under
            SMPL's licence.

    Returns:
        ExportMetadata: As the file holds it.

    Raises:
        BodyLicenceError: If the file would contain SMPL and nobody accepted
            the consequence.
        ConfigError: If the test pipeline cuts no crops.
        DeploymentError: If a part of the model cannot be exported, or the
            suffix is neither.
        ImportError: If ONNX is not installed.
    """
    path = Path(path)
    if path.suffix not in _WRITERS:
        raise DeploymentError(
            f'{path}: expected one of the suffixes {sorted(_WRITERS)}'
        )
    if path.suffix == '.onnx':
        need('onnxscript', 'writing ONNX files')
    licence = _licence(model, vertices, accept_smpl_licence)
    network = build_network(model, vertices)
    input_size = find_input_size(model.cfg, 'test')
    example = example_inputs(input_size)
    names = inputs_read(network, example)
    example = {name: example[name] for name in names}
    metadata = ExportMetadata(
        config=Path(model.cfg.filename or 'a config without a file').name,
        checkpoint=checkpoint and Path(checkpoint).name,
        body_model_id=model.body_model.body_model_id,
        input_size=input_size,
        preprocessing=_preprocessing(model.cfg),
        inputs=names,
        outputs=list(network(**example)),
        part_names=list(PART_NAMES),
        joint_names=list(SMPL_45.names),
        cfg=_essentials(model.cfg),
        licence=licence,
        mmbopr_version=__version__,
    )
    program = trace(network, example)
    with replace_when_complete(path) as temporary:
        _WRITERS[path.suffix](program, metadata, temporary)
    return metadata


def build_network(model: nn.Module, vertices: bool) -> ParameterNetwork:
    """What an exported file computes, as a module.

    Args:
        model: What :func:`mmbopr.apis.init_model` returned.
        vertices: Whether meshes come out, too.

    Raises:
        DeploymentError: If the data preprocessor cannot be exported.
    """
    kind = MeshNetwork if vertices else ParameterNetwork
    return kind(model, Normalise(**_preprocessing(model.cfg))).eval()


def _essentials(cfg: Config) -> Dict[str, Any]:
    """What an inferencer reads of a config."""
    pipeline = cfg.test_dataloader.dataset.pipeline
    return Config(
        dict(
            default_scope=cfg.get('default_scope', 'mmbopr'),
            model=cfg.model,
            test_dataloader=dict(dataset=dict(pipeline=pipeline)),
        )
    ).to_dict()


def _licence(model: nn.Module, vertices: bool, accepted: bool) -> str:
    """What has to be said of the data in the file."""
    body = model.body_model.body_model_id
    if not vertices:
        return 'Weights of the network; no data of a body model.'
    if body != 'smpl':
        return f'Weights of the network, and the body {body!r}, which is free.'
    if not accepted:
        raise BodyLicenceError(
            "a file that computes vertices contains the SMPL model, so SMPL's "
            f'licence ({SMPL_LICENCE_PAGE}) holds for it: it must not be '
            'passed on. Export the parameters alone, or accept this by '
            '--accept-smpl-licence (accept_smpl_licence=True)'
        )
    return (
        'Weights of the network, and the SMPL model: the licence of SMPL '
        f'holds for this file, {SMPL_LICENCE_PAGE}. Do not pass it on.'
    )


def _preprocessing(cfg: Config) -> Dict[str, Any]:
    """Arguments of ``Normalise``.

    Raises:
        DeploymentError: If the data preprocessor does something else.
    """
    settings = dict(cfg.model.get('data_preprocessor') or {})
    kind = settings.pop('type', 'PoseDataPreprocessor').split('.')[-1]
    unknown = sorted(set(settings) - set(_PREPROCESSING))
    if kind != 'PoseDataPreprocessor' or unknown:
        raise DeploymentError(
            f'{cfg.filename}: model.data_preprocessor cannot be exported: '
            f'expected a PoseDataPreprocessor with {_PREPROCESSING} at most, '
            f'found a {kind} with {unknown}'
        )
    return settings


def _write_onnx(
    program: ExportedProgram, metadata: ExportMetadata, path: Path
) -> None:
    shapes = {name: {0: 'batch'} for name in metadata.inputs}
    try:
        onnx = torch.onnx.export(
            program,
            input_names=metadata.inputs,
            output_names=metadata.outputs,
            dynamic_shapes=shapes,
            opset_version=OPSET,
            dynamo=True,
            verbose=False,
        )
    except torch.onnx.OnnxExporterError as error:
        cause = error
        while cause.__cause__ is not None:
            cause = cause.__cause__
        raise DeploymentError(
            'a part of this model has no form in ONNX '
            f'({str(cause).splitlines()[0]}): use another part, or export a '
            '.pt2'
        ) from error
    onnx.model.metadata_props[METADATA_KEY] = metadata.to_json()
    onnx.save(path)


def _write_torch(
    program: ExportedProgram, metadata: ExportMetadata, path: Path
) -> None:
    with open(path, 'wb') as file:
        torch.export.save(
            program, file, extra_files={METADATA_KEY: metadata.to_json()}
        )


_WRITERS = {'.onnx': _write_onnx, '.pt2': _write_torch}
