"""How far errors grow when a square hides part of the crop.

The analysis of PARE (ICCV 2021), after Zeiler and Fergus (ECCV 2014): a
square of the mean colour slides over the crop, and the error of every joint
is recorded for each of its positions.

Note: N: people, R, C: rows and columns of positions, J: the 14 joints of
LSP-14 that the metric evaluates, V: vertices.
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Mapping, Optional, Sequence, Union

import numpy as np
import torch
from mmengine.dataset import BaseDataset, pseudo_collate
from mmengine.utils import ProgressBar
from torch import Tensor, nn

from mmbopr.structures import LSP_14
from mmbopr.utils.atomic import replace_when_complete

from .functional import MM_PER_M
from .occlusion_grid import OcclusionGrid, occlude
from .protocols import Body, MeshProtocol

OCCLUSION_FORMAT = 'mmbopr-occlusion-1'
PROTOCOL = MeshProtocol()


@dataclass(frozen=True)
class OcclusionSensitivity:
    """Errors of some people under occlusion.

    Attributes:
        errors: (N, R, C, J) in mm, with the square at every position.
        baseline: (N, J) in mm, without it.
        grid: The positions.
        sample_idx: (N,) rows of the data set.
        protocol: What the numbers mean, JSON-able.
    """

    errors: np.ndarray
    baseline: np.ndarray
    grid: OcclusionGrid
    sample_idx: np.ndarray
    protocol: Dict[str, Any]

    def write(self, path: Union[str, Path]) -> None:
        """Write everything as ``.npz``, without pickled objects."""
        with (
            replace_when_complete(path) as temporary,
            open(temporary, 'wb') as file,
        ):
            np.savez(
                file,
                format=OCCLUSION_FORMAT,
                errors=self.errors,
                baseline=self.baseline,
                patch=self.grid.patch,
                tops=self.grid.tops,
                lefts=self.grid.lefts,
                joints=LSP_14.names,
                sample_idx=self.sample_idx,
                protocol=json.dumps(self.protocol, sort_keys=True),
            )

    def summarize(self) -> Dict[str, Any]:
        """Numbers for tables, in mm.

        Returns:
            dict: ``MPJPE`` without occlusion; by how much it grows,
            ``mean_increase`` over all positions and ``max_increase`` at each
            person's worst position (means over the people); the same of each
            of the ``joints``; ``protocol``.
        """
        joints = {
            name: _increases(self.errors[..., j], self.baseline[:, j])
            for j, name in enumerate(LSP_14.names)
        }
        return dict(
            **_increases(self.errors.mean(-1), self.baseline.mean(-1)),
            joints=joints,
            protocol=self.protocol,
        )


def _increases(errors: np.ndarray, baseline: np.ndarray) -> Dict[str, float]:
    """Of errors (N, R, C) over those without occlusion (N,)."""
    increase = errors - baseline[:, None, None]
    return dict(
        MPJPE=float(baseline.mean()),
        mean_increase=float(increase.mean()),
        max_increase=float(increase.max((1, 2)).mean()),
    )


def measure_occlusion_sensitivity(
    model: nn.Module,
    dataset: BaseDataset,
    rows: Sequence[int],
    grid: OcclusionGrid,
    *,
    batch_size: int = 32,
    protocol: Optional[Mapping[str, Any]] = None,
) -> OcclusionSensitivity:
    """Slide the square over some people of a data set.

    Args:
        model: An estimator of meshes, in evaluation mode.
        dataset: Of people with body parameters; its samples are crops of
            one size.
        rows: (N,) which of them.
        grid: Positions of the square.
        batch_size: Positions that go through the network at once.
        protocol: Further facts to store beside the numbers, JSON-able.

    Returns:
        OcclusionSensitivity: Of these people.

    Raises:
        ValueError: If a person has no body parameters, or those of another
            body than the network's.
    """
    errors = _slide(model, dataset, rows, grid, batch_size)
    facts = dict(
        dataset_name=dataset.metainfo.get('dataset_name'),
        split=dataset.metainfo.get('split'),
        body_model_id=model.body_model.body_model_id,
        occluder='square of the mean colour',
        patch=grid.patch,
        count=len(rows),
    )
    return OcclusionSensitivity(
        errors[:, 1:].reshape(len(rows), *grid.shape, -1),
        errors[:, 0],
        grid,
        np.asarray(rows),
        {**PROTOCOL.facts(), **facts, **(protocol or {})},
    )


def _slide(
    model: nn.Module,
    dataset: BaseDataset,
    rows: Sequence[int],
    grid: OcclusionGrid,
    batch_size: int,
) -> np.ndarray:
    """(N, 1 + R * C, J) errors without the square, then at every place."""
    # Far outside, the first square hides nothing.
    nowhere = torch.full((1, 2), -grid.patch)
    batches = torch.cat([nowhere, grid.corners()]).split(batch_size)
    progress = ProgressBar(len(rows) * (1 + math.prod(grid.shape)))
    errors = []
    for row in rows:
        person = _Person(model, dataset[int(row)])
        for corners in batches:
            errors.append(person.joint_errors(corners, grid.patch))
            progress.update(len(corners))
    progress.file.write('\n')
    return np.concatenate(errors).reshape(len(rows), -1, len(LSP_14))


class _Person:
    """One person, to be occluded in many ways.

    Args:
        model: The estimator.
        data: One item of the data set.
    """

    def __init__(self, model: nn.Module, data: dict):
        batch = model.data_preprocessor(pseudo_collate([data]), False)
        self.model = model
        self.crop = batch['inputs'][0]
        self.sample = batch['data_samples'][0]
        self.truth = self._true_body()

    @torch.no_grad()
    def joint_errors(self, corners: Tensor, patch: int) -> np.ndarray:
        """Errors (B, J) in mm with squares at ``corners`` (B, 2)."""
        crops = occlude(self.crop, corners, patch)
        samples = [self.sample.new() for _ in crops]
        results = [
            x.pred_instances for x in self.model.predict(crops, samples)
        ]
        bodies = PROTOCOL.body(
            torch.cat([x.vertices for x in results]),
            torch.cat([x.joints_h36m for x in results]),
        )
        errors = bodies.joints - self.truth.joints
        return MM_PER_M * errors.norm(dim=-1).cpu().numpy()

    @torch.no_grad()
    def _true_body(self) -> Body:
        """A batch of one."""
        labels, body = self.sample.gt_instance_labels, self.model.body_model
        where = f'row {self.sample.sample_idx} ({self.sample.img_path})'
        if not labels.get('has_smpl', torch.tensor(False)).all():
            raise ValueError(
                f'{where} has no body parameters to measure errors by; leave '
                'it out'
            )
        theirs = self.sample.get('body_model_id', body.body_model_id)
        if theirs != body.body_model_id:
            raise ValueError(
                f'{where} is annotated with body model {theirs!r}, but the '
                f'network predicts {body.body_model_id!r}; use one of both'
            )
        return PROTOCOL.truth(
            body, {key: labels[key] for key in PROTOCOL.label_keys}
        )
