"""The visualizer that MMPose's hook and inferencers drive."""

from functools import cached_property
from typing import Optional, Sequence

import mmcv
import numpy as np
import torch
from mmengine.dist import master_only
from mmpose.structures import PoseDataSample
from mmpose.visualization import PoseLocalVisualizer
from torch import Tensor

from mmbopr.body_models import SMPL
from mmbopr.registry import VISUALIZERS
from mmbopr.structures import MeshResult

from .colors import GROUND_TRUTH
from .renderer import render_meshes
from .result_picture import draw_result
from .views import render_side_view


@VISUALIZERS.register_module()
class MeshLocalVisualizer(PoseLocalVisualizer):
    """Draws predicted meshes over the image and from the side.

    With ``MeshVisualizationHook`` in the config, ``tools/test.py --show-dir``
    saves a picture of every person.

    Args:
        name: Of this visualizer among those of the process.
        model_path: Body model whose faces are drawn, as for ``SMPL``.
        mesh_alpha: Opacity of the meshes.
        **kwargs: To ``PoseLocalVisualizer``.
    """

    def __init__(
        self,
        name: str = 'visualizer',
        *,
        model_path: str = 'open',
        mesh_alpha: float = 0.92,
        **kwargs,
    ):
        super().__init__(name, **kwargs)
        self.model_path = model_path
        self.mesh_alpha = mesh_alpha

    @cached_property
    def body_model(self) -> SMPL:
        """The body whose faces are drawn, loaded when first needed."""
        return SMPL(self.model_path)

    @master_only
    def add_datasample(
        self,
        name: str,
        image: np.ndarray,
        data_sample: PoseDataSample,
        draw_gt: bool = True,
        draw_bbox: bool = False,
        show: bool = False,
        wait_time: float = 0,
        out_file: Optional[str] = None,
        step: int = 0,
        **keypoint_options,
    ) -> np.ndarray:
        """Draw one image's people and show, save or log the picture.

        From left to right: the prediction over the image and from the side;
        then the ground truth likewise, if ``gt_instance_labels`` of the
        sample has ``gt_vertices`` (P, V, 3), metres, in the frame of the
        full image's camera.

        Args:
            name: Window title, or name of the picture in the backends.
            image: (H, W, 3) uint8 RGB.
            data_sample: With ``pred_instances`` (``vertices``,
                ``cam_transl_full``, ``K_full``) as the estimator gives it.
            draw_gt: Whether to draw the ground truth beside it.
            draw_bbox: Whether to draw the boxes of ``gt_instances``.
            show: Whether to open a window.
            wait_time: Seconds to show it; 0 waits for a key.
            out_file: File to write instead of using the backends.
            step: Step to log the picture at.
            **keypoint_options: What else MMPose passes for keypoints and
                heatmaps (``kpt_thr``, ``draw_heatmap``...); a mesh has no
                use for them.

        Returns:
            np.ndarray: The picture, uint8 RGB, as high as ``image``.

        Raises:
            ValueError: If the prediction is on another body model.
        """
        predictions = data_sample.pred_instances
        K = _shared_intrinsics(predictions.K_full)
        vertices = torch.as_tensor(predictions.vertices)
        transl = torch.as_tensor(predictions.cam_transl_full)
        faces = self._faces_for(vertices, data_sample)
        panels = self._panels(image, vertices + transl[:, None], faces, K)
        labels = data_sample.get('gt_instance_labels')
        if draw_gt and labels is not None and 'gt_vertices' in labels:
            gt_vertices = torch.as_tensor(labels.gt_vertices)
            colors = torch.tensor([GROUND_TRUTH] * len(gt_vertices))
            panels += self._panels(image, gt_vertices, faces, K, colors)
        if draw_bbox and 'gt_instances' in data_sample:
            panels[0] = self._draw_instances_bbox(
                panels[0], data_sample.gt_instances
            )
        picture = np.concatenate(panels, 1)
        self._hand_out(picture, name, show, wait_time, out_file, step)
        return self.get_image()

    @master_only
    def add_result(
        self,
        name: str,
        image: np.ndarray,
        result: MeshResult,
        panels: Sequence[str] = ('mesh', 'side', 'top'),
        show: bool = False,
        wait_time: float = 0,
        out_file: Optional[str] = None,
        step: int = 0,
    ) -> np.ndarray:
        """Draw a result of the inferencer and show, save or log the picture.

        Args:
            name: Window title, or name of the picture in the backends.
            image: (H, W, 3) uint8 RGB, upright.
            result: Of this image.
            panels: See :func:`~mmbopr.visualization.draw_result`.
            show: Whether to open a window.
            wait_time: Seconds to show it; 0 waits for a key.
            out_file: File to write instead of using the backends.
            step: Step to log the picture at.

        Returns:
            np.ndarray: The picture, uint8 RGB.

        Raises:
            ValueError: See :func:`~mmbopr.visualization.draw_result`.
        """
        picture = draw_result(image, result, self.body_model, panels)
        self._hand_out(picture, name, show, wait_time, out_file, step)
        return self.get_image()

    def _hand_out(self, picture, name, show, wait_time, out_file, step):
        self.set_image(picture)
        if show:
            self.show(picture, win_name=name, wait_time=wait_time)
        if out_file is not None:
            mmcv.imwrite(picture[..., ::-1], out_file)
        else:
            self.add_image(name, picture, step)

    def _panels(self, image, vertices, faces, K, colors=None):
        overlay = render_meshes(
            image, vertices, faces, K, colors, self.mesh_alpha
        )
        size = image.shape[0]
        side = render_side_view(vertices, faces, size=size, colors=colors)
        return [overlay, side]

    def _faces_for(self, vertices: Tensor, data_sample) -> Tensor:
        metainfo = data_sample.metainfo
        predicted = metainfo.get(
            'pred_body_model_id', metainfo.get('body_model_id')
        )
        own = self.body_model
        same_id = predicted in (None, own.body_model_id)
        if not same_id or vertices.shape[1] != own.num_vertices:
            raise ValueError(
                f'the visualizer draws body {own.body_model_id!r} with '
                f'{own.num_vertices} vertices, the prediction is on '
                f'{predicted!r} with {vertices.shape[1]}: set visualizer.'
                "model_path in the config to the estimator's body model"
            )
        return own.faces


def _shared_intrinsics(K: Tensor) -> Tensor:
    K = torch.as_tensor(K)
    if not torch.allclose(K, K[:1].expand_as(K)):
        raise ValueError(
            'people of one image must have the same K_full, got '
            f'{K.tolist()}: draw people of different images separately'
        )
    return K[0]
