"""Meshes of the people in pictures, in three lines."""

from pathlib import Path
from typing import Any, Iterable, Iterator, List, Optional, Sequence, Sized

import numpy as np
import torch
from mmengine.config import ConfigDict
from mmengine.dataset import Compose
from mmengine.infer import BaseInferencer
from mmengine.registry import DefaultScope
from rich.progress import track
from torch import nn

from mmbopr.detection import BOX_MARGIN, GivenBoxes, build_detector
from mmbopr.registry import INFERENCERS
from mmbopr.structures.mesh_result import MeshResult
from mmbopr.structures.picture import Picture

from .model_zoo import find_model, load_estimator
from .output_names import refuse_equal_names
from .overlay import present_overlay
from .people_batches import PeopleBatch, batch_people
from .picture_sources import PicturesType, is_endless, number_of, open_pictures
from .recovery import Recovery, by_picture


@INFERENCERS.register_module(name='mesh-recovery')
@INFERENCERS.register_module()
class MeshInferencer(BaseInferencer):
    """Recover the meshes of everybody in pictures and videos.

    ::

        inferencer = MeshInferencer('config.py', 'checkpoint.pth')
        (result,) = inferencer('photo.jpg')['predictions']
        result.cam_t_full, result.body_pose, result.keypoints_2d, ...

    A call returns values; :meth:`stream` is for what does not fit into
    memory or has no end.  What can be given, beside ``batch_size`` (people
    that go through the network together, over pictures):

    - ``bboxes``: people that are known, (P, 4) left, top, right, bottom in
      pixels, a list entry a picture; for one picture also the array alone.
    - ``keypoints``: likewise (P, 17, 3), COCO's, x and y in pixels and
      confidence.  A model with a ``KeypointPromptBARHead`` reads them; without
      ``bboxes``, they say where the people are.
    - ``bbox_margin``: side of the crops over the longer side of the boxes; 1
      where boxes are crops already, as in annotation files.
    - ``K``: (4,) fx, fy, cx, cy of the camera in pixels.  By default the
      picture's diagonal is taken for focal length (CLIFF).
    - ``return_vertices``: whether results hold the meshes.
    - ``return_vis``, ``show``, ``vis_out_dir``: draw the meshes over the
      pictures and return, show or save that.
    - ``pred_out_dir``: write a json per picture there.  Pictures of one name
      do not go into one folder.

    Args:
        model: Config, its file, or a name or alias of the metafiles; None
            takes the config that ``weights`` holds.
        weights: Checkpoint.
        device: 'cpu', 'cuda' or 'mps'; by default the best there is.
        scope: Where names and types are looked up.
        show_progress: Whether a call shows a bar.
        detector: Finds the people where no boxes are given: a name of
            ``mmbopr.detection.DETECTORS``, a json file of COCO's, a config
            or a detector.
        backend: 'torch', or what runs ``weights`` that were exported to
            ``.onnx``, see :func:`mmbopr.deployment.load_deployed`.

    Raises:
        ValueError: If there are no weights, or the model is unknown.
        RuntimeError: If the weights do not fit the model.
    """

    preprocess_kwargs = {'bboxes', 'keypoints', 'bbox_margin', 'K'}
    forward_kwargs = set()
    visualize_kwargs = {'return_vis', 'show', 'vis_out_dir'}
    postprocess_kwargs = {'return_vertices', 'pred_out_dir'}

    def __init__(
        self,
        model: Any = None,
        weights: Optional[str] = None,
        device: Optional[str] = None,
        scope: Optional[str] = 'mmbopr',
        show_progress: bool = True,
        *,
        detector: Any = 'hog',
        backend: str = 'torch',
    ):
        self.backend = backend
        model = str(model) if isinstance(model, Path) else model
        super().__init__(model, weights, device, scope, show_progress)
        self.detector = build_detector(detector)

    def __call__(
        self,
        inputs: PicturesType,
        return_datasamples: bool = False,
        batch_size: int = 8,
        **kwargs,
    ) -> dict:
        """Recover everybody, and return it.

        Args:
            inputs: See :func:`~mmbopr.apis.open_pictures`.
            return_datasamples: Whether predictions are the estimator's data
                samples, a list a picture, instead of results.
            batch_size: People that go through the network together.
            **kwargs: See the class.

        Returns:
            dict: ``predictions``, a list of
            :class:`~mmbopr.structures.mesh_result.MeshResult`, one a picture,
            and ``visualization``, a list of (H, W, 3) uint8 RGB if asked for.

        Raises:
            ValueError: If the pictures have no end.
        """
        pictures = self._inputs_to_list(inputs)
        if is_endless(pictures):
            raise ValueError('a camera never ends: iterate over stream(...)')
        parts = self._run(pictures, return_datasamples, batch_size, kwargs)
        if self.show_progress:
            parts = track(parts, 'Inference', number_of(pictures))
        results = dict(predictions=[], visualization=[])
        for part in parts:
            for key, values in results.items():
                values += part[key]
        return results

    def stream(
        self, inputs: PicturesType, batch_size: int = 8, **kwargs
    ) -> Iterator[MeshResult]:
        """Recover everybody, picture by picture; nothing piles up.

        Args:
            inputs, batch_size, kwargs: As for a call; what cameras see
                goes through the network at once, one by one.

        Yields:
            MeshResult: In the order of the pictures.
        """
        pictures = self._inputs_to_list(inputs)
        if is_endless(pictures):
            batch_size = 1
        for part in self._run(pictures, False, batch_size, kwargs):
            yield from part['predictions']

    def _run(self, pictures, as_samples, batch_size, kwargs) -> Iterator[dict]:
        """What a call returns, for each picture."""
        preprocess, forward, visualize, postprocess = self._dispatch_kwargs(
            **kwargs
        )
        if kwargs.get('vis_out_dir') or kwargs.get('pred_out_dir'):
            pictures = refuse_equal_names(pictures)
        for batch in self.preprocess(pictures, batch_size, **preprocess):
            for recovery in self.forward(batch, **forward):
                one = [recovery]
                drawn = self.visualize([recovery.picture], one, **visualize)
                yield self.postprocess(one, drawn, as_samples, **postprocess)

    def _inputs_to_list(self, inputs: PicturesType) -> Iterable[Picture]:
        return open_pictures(inputs)

    def preprocess(
        self,
        inputs: Iterable[Picture],
        batch_size: int = 8,
        bboxes: Optional[Sequence] = None,
        keypoints: Optional[Sequence] = None,
        bbox_margin: float = BOX_MARGIN,
        K: Optional[Sequence[float]] = None,
    ) -> Iterator[PeopleBatch]:
        """Find the people and cut them out; see the class."""
        detector = self.detector
        if bboxes is not None or keypoints is not None:
            detector = GivenBoxes(bboxes, keypoints, bbox_margin)
            if isinstance(inputs, Sized):
                detector.check_number(len(inputs))
        return batch_people(inputs, detector, self.pipeline, batch_size, K)

    @torch.inference_mode()
    def forward(self, inputs: PeopleBatch) -> List[Recovery]:
        """Let the network look at the crops; one recovery a picture."""
        samples = []
        for crops in inputs.portions():
            samples += self.model.test_step(self.collate_fn(crops))
        body_model_id = self.model.body_model.body_model_id
        return by_picture(inputs, samples, body_model_id)

    def visualize(
        self,
        inputs: List[Picture],
        preds: List[Recovery],
        return_vis: bool = False,
        show: bool = False,
        vis_out_dir: str = '',
    ) -> List[np.ndarray]:
        """Draw the meshes over their pictures, where asked for."""
        if not (return_vis or show or vis_out_dir):
            return []
        body_model = self.model.body_model.neutral
        drawn = [
            present_overlay(
                picture, recovery.to_result(), body_model, show, vis_out_dir
            )
            for picture, recovery in zip(inputs, preds, strict=True)
        ]
        return drawn if return_vis else []

    def postprocess(
        self,
        preds: List[Recovery],
        visualization: List[np.ndarray],
        return_datasamples: bool = False,
        return_vertices: bool = False,
        pred_out_dir: str = '',
    ) -> dict:
        """Make results, and write them where asked for."""
        results = [recovery.to_result(return_vertices) for recovery in preds]
        if pred_out_dir:
            for recovery, result in zip(preds, results, strict=True):
                name = f'{recovery.picture.stem}.json'
                result.save(Path(pred_out_dir) / name)
        if return_datasamples:
            results = [recovery.samples for recovery in preds]
        return dict(predictions=results, visualization=visualization)

    def _init_model(
        self, cfg: ConfigDict, weights: Optional[str], device: str = 'cpu'
    ) -> nn.Module:
        if weights is None:
            raise ValueError('give weights: none are published for mmbopr')
        config = cfg if cfg else None
        model = load_estimator(config, weights, device, self.backend)
        if config is None:  # the base class means this very object later on
            cfg.update(model.cfg._cfg_dict)
        return model

    def _load_model_from_metafile(self, model: str) -> tuple:
        return find_model(model, self.scope)

    def _init_pipeline(self, cfg: ConfigDict) -> Compose:
        with DefaultScope.overwrite_default_scope(self.scope):
            return Compose(cfg.test_dataloader.dataset.pipeline)

    def _init_visualizer(self, cfg: ConfigDict) -> None:
        """Nothing: pictures are drawn without MMEngine's backends."""
