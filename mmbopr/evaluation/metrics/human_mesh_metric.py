"""Mesh recovery errors for MMEngine's evaluator."""

import json
from typing import Any, Dict, List, Optional, Sequence, Union

import numpy as np
import torch
from mmengine.evaluator import BaseMetric
from mmengine.logging import print_log
from torch import nn

from mmbopr.body_models import BodyMismatchError
from mmbopr.registry import METRICS, MODELS
from mmbopr.structures import JOINT_SETS

from ..dump import ARRAY_SPECS, OPTIONAL_SPECS, EvaluationDump, write_dump
from ..functional import check_finite
from ..protocols import Body, ProtocolLike, build_protocol
from ..protocols.base_protocol import PREDICTED_JOINTS
from ..records import gather, sample_record
from ..summary import summarize

# What the dump takes over from the data set's metainfo when it is there.
_DATASET_FACTS = ('dataset_name', 'split', 'ann_file', 'data_sha256')


@METRICS.register_module()
class HumanMeshMetric(BaseMetric):
    """Errors of joints and meshes in mm, as an evaluation protocol says.

    By default joints are LSP-14 of the H36M regressor relative to its
    pelvis, the ground truth is posed by the body of its row's gender, and
    PVE knows no alignment (as in PARE).  The keys are those of
    :func:`mmbopr.evaluation.summarize` behind the prefix ``mesh``.

    Each sample leaves a record of about 2 kB; meshes are dropped batch by
    batch.

    Args:
        body_model: The ``GenderedSMPL`` of the ground truth, as a config or
            built. Its ``body_model_id`` must be that of data and network.
        protocol: What to measure: the name of a benchmark's protocol, such
            as ``'pw3d_test'``, the config of one, or one that is built.
            Defaults to ``MeshProtocol()``.
        facts: Further facts to store beside the numbers, JSON-able:
            ``checkpoint``, ... Also open to later additions, as attribute
            :attr:`facts`.
        acknowledged_count: Number of samples, where it is not that of the
            protocol and you know why.
        dump_path: Where to write the per-sample dump. Defaults to nowhere.
        collect_device: As in ``BaseMetric``.
        prefix: As in ``BaseMetric``.
        collect_dir: As in ``BaseMetric``.

    Raises:
        ValueError: If ``facts`` contradict the protocol.
    """

    default_prefix = 'mesh'

    def __init__(
        self,
        body_model: Union[dict, nn.Module],
        protocol: ProtocolLike = None,
        facts: Optional[Dict[str, Any]] = None,
        acknowledged_count: Optional[int] = None,
        dump_path: Optional[str] = None,
        collect_device: str = 'cpu',
        prefix: Optional[str] = None,
        collect_dir: Optional[str] = None,
    ) -> None:
        super().__init__(collect_device, prefix, collect_dir)
        if isinstance(body_model, dict):
            body_model = MODELS.build(body_model)
        self.body_model = body_model
        self.protocol = build_protocol(protocol)
        self.facts = dict(facts or {})
        self.acknowledged_count = acknowledged_count
        self.dump_path = dump_path
        clash = sorted(set(self.facts) & set(self.protocol.facts()))
        if clash:
            raise ValueError(
                f'facts: {clash} are measured as the protocol says, and '
                'belong there'
            )
        # Fails now rather than when the dump is written, hours later.
        json.dumps(self.facts)
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
            ValueError: If bodies disagree, a sample lacks the ground truth
                that the protocol needs, is not of its sequences, or a number
                is not finite.
        """
        self._check_body(data_samples)
        rows = [int(sample['sample_idx']) for sample in data_samples]
        joint_key = PREDICTED_JOINTS[self.protocol.regressor]
        pred = gather(
            data_samples,
            'pred_instances',
            ('vertices', joint_key, 'pose_rotmat', 'betas', 'cam'),
        )
        for name, values in pred.items():
            check_finite(f'predicted {name} (by sample_idx)', values, rows)
        joints = pred[joint_key][:, : len(JOINT_SETS[self.protocol.regressor])]
        fields = self.protocol.measure(
            self.protocol.body(pred['vertices'], joints),
            self._truth(data_samples, rows, pred['vertices'].device),
        )
        fields.update(
            sample_idx=rows,
            pred_pose=pred['pose_rotmat'].float().cpu().numpy(),
            pred_betas=pred['betas'].float().cpu().numpy(),
            pred_cam=pred['cam'].float().cpu().numpy(),
        )
        records = [
            sample_record(sample, self.protocol.joint_set)
            for sample in data_samples
        ]
        self.protocol.check_sequences([record['seq'] for record in records])
        self.results.extend(
            {**{k: v[i] for k, v in fields.items()}, **record}
            for i, record in enumerate(records)
        )

    def compute_metrics(self, results: List[dict]) -> Dict[str, float]:
        """Means over the data set; writes the dump if asked to.

        Args:
            results: One record a sample, of all ranks.

        Returns:
            dict[str, float]: Errors in mm.

        Raises:
            ValueError: If samples of the data set are missing, or are not as
                many as the protocol expects; the dump is written all the
                same.
        """
        dump = self._build_dump(self._drop_duplicates(results))
        if self.dump_path is not None:
            write_dump(dump, self.dump_path)
            print_log(
                f'Wrote {len(dump)} samples to {self.dump_path}',
                logger='current',
            )
        self.protocol.check_count(len(dump), self.acknowledged_count)
        return summarize(dump)

    def _truth(
        self, data_samples: Sequence[dict], rows: List[int], device
    ) -> Body:
        """Ground truth of a batch, checked."""
        keys = self.protocol.label_keys
        labels = gather(data_samples, 'gt_instance_labels', keys)
        if keys:
            self._check_labelled(data_samples, self.protocol.labelled(labels))
        for name, values in labels.items():
            check_finite(f'true {name} (by sample_idx)', values, rows)
        labels = {key: value.to(device) for key, value in labels.items()}
        return self.protocol.truth(self.body_model.to(device), labels)

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
        names = [*ARRAY_SPECS, *OPTIONAL_SPECS]
        arrays = {
            name: np.array([result[name] for result in results])
            for name in names
            if name in ARRAY_SPECS or all(name in r for r in results)
        }
        meta = self.dataset_meta or {}
        facts = {k: meta[k] for k in _DATASET_FACTS if k in meta}
        facts['body_model_id'] = self.body_model.body_model_id
        if self.acknowledged_count is not None:
            facts['acknowledged_count'] = self.acknowledged_count
        protocol = {**self.protocol.facts(), **facts, **self.facts}
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
                raise BodyMismatchError(
                    'HumanMeshMetric: expected one body_model_id everywhere, '
                    f'found {found} for {self._where()}; use one body model '
                    'in the network, the data set and the metric'
                )

    def _check_labelled(
        self, data_samples: Sequence[dict], labelled: np.ndarray
    ) -> None:
        for i in np.flatnonzero(~labelled)[:1]:
            sample = data_samples[i]
            raise ValueError(
                f'{self._where()}: row {sample["sample_idx"]} '
                f'({sample.get("img_path", "no picture")}) has no '
                f'{self.protocol.truth_words}, which HumanMeshMetric needs; '
                'leave such rows out of this data set'
            )
