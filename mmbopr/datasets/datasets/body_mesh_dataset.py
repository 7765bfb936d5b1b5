"""Dataset over the unified annotation file."""

import copy
from pathlib import Path
from typing import Dict, Mapping, Optional, Sequence, Union

import numpy as np
from mmengine.dataset import BaseDataset
from mmengine.fileio import join_path

from mmbopr.registry import DATASETS

from ..annotations import FLAG_OF, AnnotationError, AnnotationFile


@DATASETS.register_module()
class BodyMeshDataset(BaseDataset):
    """People with body model parameters, 3D and 2D key points.

    Rows stay in the mapped file; a sample is copied out when asked for.
    After :meth:`full_init` the metainfo holds ``body_model_id``,
    ``dataset_name`` and ``split`` (name of the file unless given).

    Args:
        ann_file: Unified npz file, see :mod:`mmbopr.datasets.annotations`.
        metainfo: Entries that go before those of the file.
        data_root: Folder that ``ann_file`` and ``data_prefix`` start from.
        data_prefix: ``img`` is the folder that image paths start from.
        body_model_id: Id of the body model that the rows must be expressed
            in; ``None`` takes any.
        supervise_segmentation: Whether rows with a body supervise the part
            maps.  The paper does so on COCO-EFT only.
        **kwargs: ``indices``, ``pipeline``, ``test_mode``, ``lazy_init`` and
            ``max_refetch`` of :class:`mmengine.dataset.BaseDataset`.

    Raises:
        AnnotationError: At full initialisation, if the file is unusable or
            made for another body model.
    """

    def __init__(
        self,
        ann_file: str,
        metainfo: Optional[Mapping] = None,
        *,
        data_root: str = '',
        data_prefix: Mapping[str, str] = {'img': ''},
        body_model_id: Optional[str] = None,
        supervise_segmentation: bool = True,
        **kwargs,
    ):
        self.body_model_id = body_model_id
        self.supervise_segmentation = supervise_segmentation
        super().__init__(
            ann_file=ann_file,
            metainfo=metainfo,
            data_root=data_root,
            data_prefix=data_prefix,
            serialize_data=False,
            **kwargs,
        )

    @classmethod
    def _load_metainfo(cls, metainfo: Optional[Mapping] = None) -> dict:
        # The base class takes every string for the name of a file to read.
        return copy.deepcopy({**cls.METAINFO, **(metainfo or {})})

    def load_data_list(self) -> np.ndarray:
        """Open the annotation file.

        Returns:
            np.ndarray: (N,) row numbers, which stand for the data list.
        """
        self.annotations = AnnotationFile(self.ann_file)
        found = self.annotations.body_model_id
        if self.body_model_id not in (None, found):
            raise AnnotationError(
                f'{self.ann_file}: rows are expressed in body model '
                f'{found!r}, but {self.body_model_id!r} is expected. '
                f'Use the body model {found!r} or convert the data set to '
                f'{self.body_model_id!r}'
            )
        self._metainfo['body_model_id'] = found
        self._metainfo.setdefault(
            'dataset_name', self.annotations.dataset_name
        )
        self._metainfo.setdefault('split', Path(self.ann_file).stem)
        return np.arange(len(self.annotations))

    def _copy_without_annotation(self, memo: Optional[dict] = None):
        # The base class keeps one memo for all its calls; ids of objects long
        # gone return in it and stand for the wrong ones.
        return super()._copy_without_annotation({} if memo is None else memo)

    def _get_unserialized_subset(
        self, indices: Union[int, Sequence[int]]
    ) -> np.ndarray:
        if isinstance(indices, int):
            indices = slice(indices) if indices >= 0 else slice(indices, None)
        return self.data_list[indices]

    def get_data_info(self, idx: int) -> dict:
        """One sample; coordinates are those of the full image.

        Args:
            idx: Position in the dataset; negative ones count from the end.

        Returns:
            dict: ``img_path``, ``sample_idx``, ``ori_shape`` (h, w);
            ``bbox_center`` (1, 2), ``bbox_scale`` (1, 2) and
            ``bbox_rotation`` (1,) as in MMPose (px, px, degrees); ``flip``;
            ``keypoints_2d`` (49, 3) px and confidence; ``keypoints_3d``
            (24, 4) metres, camera axes, and confidence; ``smpl_pose``
            (24, 3), ``betas`` (10,), ``transl`` (3,), ``gender``; ``K``
            (4,) or None; ``visible`` (49,) bool; ``occlusion``; the ``has_``
            flags; ``dataset_name``, ``body_model_id``, ``seq``, ``frame``
            and ``person``; ``keypoint_prompts`` (17, 3) px and confidence
            if the file has them.  What a ``has_`` flag denies is zero.
        """
        self.full_init()
        row = self.data_list[idx]
        record = {k: v[row] for k, v in self.annotations.columns.items()}
        prefix = self.data_prefix['img']
        has_smpl = bool(record['has_smpl'])
        return dict(
            img_path=join_path(prefix, str(record['img_path'])),
            sample_idx=idx % len(self),
            ori_shape=tuple(record['img_hw'].tolist()),
            bbox_rotation=np.zeros(1, np.float32),
            flip=False,
            gender=int(record['gender']),
            occlusion=float(record.get('occlusion', np.nan)),
            has_smpl=has_smpl,
            has_keypoints_3d=bool(record['has_kp3d']),
            has_keypoints_2d=bool(record['has_kp2d']),
            has_segmentation=has_smpl and self.supervise_segmentation,
            dataset_name=str(record['dataset']),
            body_model_id=self.annotations.body_model_id,
            **{key: record[key].item() for key in ('seq', 'frame', 'person')},
            **_arrays(record),
        )


def _arrays(record: Mapping[str, np.ndarray]) -> Dict[str, np.ndarray]:
    """What a row says in numbers, copied out of the mapped file."""
    label = {
        key: np.array(record[key], np.float32)
        if record[flag]
        else np.zeros_like(record[key], np.float32)
        for key, flag in FLAG_OF.items()
    }
    K = np.array(record['K'], np.float32)
    centre_side = np.array(record['bbox_cs'], np.float32)
    arrays = dict(
        bbox_center=centre_side[None, :2],
        bbox_scale=centre_side[None, [2, 2]],
        keypoints_2d=label['kp2d'],
        keypoints_3d=label['kp3d'],
        smpl_pose=label['pose'],
        betas=label['betas'],
        transl=np.array(record['transl'], np.float32),
        K=K if np.isfinite(K).all() else None,
        visible=np.array(record.get('visible', label['kp2d'][:, 2] > 0)),
    )
    if 'keypoint_prompts' in record:
        prompts = np.array(record['keypoint_prompts'], np.float32)
        arrays['keypoint_prompts'] = prompts
    return arrays
