"""Mesh recovery errors for MMEngine's evaluator."""

import json
from typing import Any, Dict, List, Optional, Sequence, Tuple, Union

import numpy as np
import torch
from mmengine.evaluator import BaseMetric
from mmengine.logging import print_log
from torch import Tensor, nn

from mmbopr.registry import METRICS, MODELS
from mmbopr.utils.rotation import axis_angle_to_matrix

from ..dump import ARRAY_SPECS, EvaluationDump, summarize, write_dump
from ..functional import check_finite
from ..scoring import PROTOCOL, pose_bodies, score_meshes

_PRED_KEYS = ('vertices', 'joints_h36m', 'pose_rotmat', 'betas', 'cam')
_GT_KEYS = ('smpl_pose', 'betas', 'gender', 'has_smpl')
# What the dump takes over from the data set's metainfo when it is there.
_DATASET_FACTS = ('dataset_name', 'split', 'ann_file', 'data_sha256')


@METRICS.register_module()
class HumanMeshMetric(BaseMetric):
    """MPJPE, PA-MPJPE and PVE in mm, along each axis and for each part.

    Joints are LSP-14 of the H36M regressor relative to its pelvis; the
    ground truth is posed by the body of its row's gender; PVE knows no
    alignment (as in PARE).  The keys are those of
    :func:`mmbopr.evaluation.summarize_errors` behind the prefix ``mesh``.

    Each sample leaves a record of about 2 kB; meshes are dropped batch by
    batch.

    Args:
        body_model: The ``GenderedSMPL`` of the ground truth, as a config or
            built. Its ``body_model_id`` must be that of data and network.
        protocol: Further facts to store beside the numbers, JSON-able:
            ``bbox_source``, ``bbox_scale``, ``checkpoint``, ... Also open to
            later additions, as attribute :attr:`protocol`.
        dump_path: Where to write the per-sample dump. Defaults to nowhere.
        collect_device: As in ``BaseMetric``.
        prefix: As in ``BaseMetric``.
        collect_dir: As in ``BaseMetric``.

    Raises:
        ValueError: If ``protocol`` contradicts what this class measures.
    """

    default_prefix = 'mesh'

    def __init__(
        self,
        body_model: Union[dict, nn.Module],
        protocol: Optional[Dict[str, Any]] = None,
        dump_path: Optional[str] = None,
        collect_device: str = 'cpu',
        prefix: Optional[str] = None,
        collect_dir: Optional[str] = None,
    ) -> None:
        super().__init__(collect_device, prefix, collect_dir)
        if isinstance(body_model, dict):
            body_model = MODELS.build(body_model)
        self.body_model = body_model
        self.dump_path = dump_path
        self.protocol = dict(protocol or {})
        for key, value in self.protocol.items():
            if value != PROTOCOL.get(key, value):
                raise ValueError(
                    f'protocol[{key!r}]: this metric measures '
                    f'{PROTOCOL[key]!r}, found {value!r}; leave the key out'
                )
        # Fails now rather than when the dump is written, hours later.
        json.dumps(self.protocol)
        self._dataset_size: Optional[int] = None

    def evaluate(self, size: int) -> dict:
        """Collect all ranks' records and compute the metrics.

        Args:
            size: Number of samples in the data set, without padding.
        """
        self._dataset_size = size
        return super().evaluate(size)

    @torch.no_grad()
    def process(self, data_batch: Any, data_samples: Sequence[dict]) -> None:
        """Score one batch.

        Args:
            data_batch: Not used.
            data_samples: Dicts with ``pred_instances``,
                ``gt_instance_labels`` and the metainfo of their samples.

        Raises:
            ValueError: If bodies disagree, a sample has no SMPL ground truth
                or a number is not finite.
        """
        self._check_body(data_samples)
        rows = [int(sample['sample_idx']) for sample in data_samples]
        pred = _gather(data_samples, 'pred_instances', _PRED_KEYS)
        gt = _gather(data_samples, 'gt_instance_labels', _GT_KEYS)
        self._check_labelled(data_samples, gt['has_smpl'])
        for name, values in pred.items():
            check_finite(f'predicted {name} (by sample_idx)', values, rows)
        for name, values in gt.items():
            check_finite(f'true {name} (by sample_idx)', values, rows)

        device = pred['vertices'].device
        gt_meshes = pose_bodies(
            self.body_model.to(device),
            axis_angle_to_matrix(gt['smpl_pose'].to(device).float()),
            gt['betas'].to(device).float(),
            gt['gender'].to(device),
        )
        fields = score_meshes(
            pred['vertices'], pred['joints_h36m'], *gt_meshes
        )
        fields.update(
            sample_idx=rows,
            pred_pose=pred['pose_rotmat'].float().cpu().numpy(),
            pred_betas=pred['betas'].float().cpu().numpy(),
            pred_cam=pred['cam'].float().cpu().numpy(),
            gender=gt['gender'].cpu().numpy(),
            occlusion=[_occlusion(sample) for sample in data_samples],
            seq=[str(sample.get('seq', '')) for sample in data_samples],
        )
        self.results.extend(
            {key: values[i] for key, values in fields.items()}
            for i in range(len(rows))
        )

    def compute_metrics(self, results: List[dict]) -> Dict[str, float]:
        """Means over the data set; writes the dump if asked to.

        Args:
            results: One record a sample, of all ranks.

        Returns:
            dict[str, float]: Errors in mm.

        Raises:
            ValueError: If samples of the data set are missing.
        """
        dump = self._build_dump(self._drop_duplicates(results))
        metrics = summarize(dump)
        if self.dump_path is not None:
            write_dump(dump, self.dump_path)
            print_log(
                f'Wrote {len(dump)} samples to {self.dump_path}',
                logger='current',
            )
        return metrics

    def _drop_duplicates(self, results: List[dict]) -> List[dict]:
        unique = {int(result['sample_idx']): result for result in results}
        duplicates = len(results) - len(unique)
        if duplicates:
            print_log(
                f'HumanMeshMetric: dropped {duplicates} samples that came '
                'twice; the sampler repeats more than it pads at the end',
                logger='current',
            )
        expected = self._dataset_size
        if expected is not None and len(unique) != expected:
            missing = sorted(set(range(expected)) - set(unique))[:10]
            raise ValueError(
                f'HumanMeshMetric: expected {expected} samples of '
                f'{self._where()}, found {len(unique)}, without sample_idx '
                f'{missing}, ...; score every sample once, e.g. with '
                "sampler=dict(type='DefaultSampler', shuffle=False)"
            )
        return [unique[key] for key in sorted(unique)]

    def _build_dump(self, results: List[dict]) -> EvaluationDump:
        arrays = {
            name: np.array([result[name] for result in results])
            for name in ARRAY_SPECS
        }
        meta = self.dataset_meta or {}
        facts = {k: meta[k] for k in _DATASET_FACTS if k in meta}
        identity = dict(body_model_id=self.body_model.body_model_id)
        protocol = {**PROTOCOL, **facts, **identity, **self.protocol}
        return EvaluationDump(**arrays, protocol=protocol)

    def _where(self) -> str:
        meta = self.dataset_meta or {}
        name = meta.get('dataset_name', 'the data set')
        return ' '.join([name, *(meta[k] for k in ('ann_file',) if k in meta)])

    def _check_body(self, data_samples: Sequence[dict]) -> None:
        found = {
            'the metric': self.body_model.body_model_id,
            'the data set': (self.dataset_meta or {}).get('body_model_id'),
        }
        for sample in data_samples:
            name = f'the prediction of sample {sample["sample_idx"]}'
            found[name] = sample.get(
                'pred_body_model_id', sample.get('body_model_id')
            )
            if len(set(found.values())) > 1:
                raise ValueError(
                    'HumanMeshMetric: expected one body_model_id everywhere, '
                    f'found {found} for {self._where()}; use one body model '
                    'in the network, the data set and the metric'
                )

    def _check_labelled(
        self, data_samples: Sequence[dict], has_smpl: Tensor
    ) -> None:
        for sample, labelled in zip(
            data_samples, has_smpl.tolist(), strict=True
        ):
            if not labelled:
                raise ValueError(
                    f'{self._where()}: row {sample["sample_idx"]} '
                    f'({sample.get("img_path", "no picture")}) has no SMPL '
                    'ground truth (has_smpl is False), which HumanMeshMetric '
                    'needs; leave such rows out of this data set'
                )


def _gather(
    data_samples: Sequence[dict], field: str, keys: Tuple[str, ...]
) -> Dict[str, Tensor]:
    """Concatenate the (1, ...) tensors of each sample."""
    for sample in data_samples:
        missing = [key for key in keys if key not in sample.get(field, {})]
        if missing:
            raise ValueError(
                f'sample {sample["sample_idx"]}: {field} lacks {missing}; '
                'HumanMeshMetric needs a mesh estimator and PackMeshInputs'
            )
    return {
        key: torch.cat([torch.as_tensor(s[field][key]) for s in data_samples])
        for key in keys
    }


def _occlusion(sample: dict) -> float:
    occlusion = sample.get('gt_instances', {}).get('occlusion')
    return np.nan if occlusion is None else float(np.asarray(occlusion)[0])
