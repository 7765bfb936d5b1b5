"""Reading images."""

import logging
from typing import Optional, Tuple

import cv2
import mmcv
import numpy as np
from mmengine import fileio
from mmengine.logging import print_log
from mmpose.datasets.transforms import LoadImage

from mmbopr.registry import TRANSFORMS

from ..annotations import AnnotationError

_JPEG_MAGIC = b'\xff\xd8'
_REDUCED_FLAGS = {
    8: cv2.IMREAD_REDUCED_COLOR_8,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    2: cv2.IMREAD_REDUCED_COLOR_2,
}


class UnreadableImageError(OSError):
    """A picture of a data set is missing, or is none."""


@TRANSFORMS.register_module()
class LoadMeshImage(LoadImage):
    """Read an image; one that cannot be read never passes in silence.

    Required Keys:

        - img_path
        - img (optional; used as it is)
        - ori_shape (optional; checked against the file)
        - bbox_scale (optional; with ``reduce_for``)

    Added Keys:

        - img
        - img_shape
        - img_reduction: file pixels per pixel of ``img``

    Modified Keys:

        - ori_shape: (h, w) of the file, whatever the reduction

    Args:
        on_error: ``'raise'``, or ``'skip'``: log name and count, and let the
            dataset draw another row.
        reduce_for: (w, h) of the crop.  JPEG files whose box is at least
            2, 4 or 8 times as large are decoded at that fraction of their
            size: faster, and free of aliasing.  The box is the one at this
            point of the pipeline, so load after augmenting it.  Pixels
            differ slightly from those of a full decode; leave it out when
            testing.
        **kwargs: See :class:`mmpose.LoadImage`.

    Raises:
        UnreadableImageError: If the image cannot be read and ``on_error`` is
            ``'raise'``.
        AnnotationError: If its size is not the one in the annotations.
    """

    def __init__(
        self,
        on_error: str = 'raise',
        *,
        reduce_for: Optional[Tuple[int, int]] = None,
        **kwargs,
    ):
        if on_error not in ('raise', 'skip'):
            raise ValueError(
                f"on_error must be 'raise' or 'skip', found {on_error!r}"
            )
        super().__init__(**kwargs)
        self.on_error = on_error
        self.reduce_for = reduce_for
        self.num_skipped = 0

    def transform(self, results: dict) -> Optional[dict]:
        """Read the image.

        Args:
            results: See the class.

        Returns:
            dict or None: None if the image was skipped.
        """
        if 'img' in results:
            return super().transform(results)
        try:
            img, reduction = self._read(results)
        except (OSError, ValueError) as error:
            return self._skip(results, error)
        stored = img.shape[:2]
        if reduction == 1:
            results.setdefault('ori_shape', stored)
        height, width = results['ori_shape']
        if stored != (-(-height // reduction), -(-width // reduction)):
            raise AnnotationError(
                f'{results["img_path"]}: the annotations say '
                f'{width}x{height} px (row {results.get("sample_idx")}), '
                f'the file has {stored[1] * reduction}x'
                f'{stored[0] * reduction} px. Use the images that the '
                f'annotations were made for, or convert them again'
            )
        results.update(img=img, img_shape=stored, img_reduction=reduction)
        return results

    def _read(self, results: dict) -> Tuple[np.ndarray, int]:
        """Decode at the wanted fraction; ValueError if it is no image."""
        content = fileio.get(
            results['img_path'], backend_args=self.backend_args
        )
        reduction = 1
        if content.startswith(_JPEG_MAGIC) and 'ori_shape' in results:
            reduction = self._reduction(results)
        img = None
        if content:
            img = mmcv.imfrombytes(
                content,
                flag=_REDUCED_FLAGS.get(reduction, self.color_type),
                backend=self.imdecode_backend,
            )
        if img is None:
            raise ValueError(f'{len(content)} bytes that are no image')
        return img, reduction

    def _reduction(self, results: dict) -> int:
        if self.reduce_for is None:
            return 1
        shrink = (results['bbox_scale'][0] / self.reduce_for).max()
        return next((k for k in _REDUCED_FLAGS if shrink >= k), 1)

    def _skip(self, results: dict, error: Exception) -> None:
        message = (
            f'{results["img_path"]} (row {results.get("sample_idx")}): '
            f'cannot be read as an image: {error}. '
        )
        if self.on_error == 'raise':
            raise UnreadableImageError(
                f'{message}Check data_root and data_prefix, replace the '
                f"file, or set LoadMeshImage(on_error='skip')"
            ) from error
        self.num_skipped += 1
        print_log(
            f'{message}Skipped; {self.num_skipped} so far in this process',
            logger='current',
            level=logging.WARNING,
        )

    def __repr__(self) -> str:
        return (
            f'{type(self).__name__}(on_error={self.on_error!r}, '
            f'reduce_for={self.reduce_for})'
        )
