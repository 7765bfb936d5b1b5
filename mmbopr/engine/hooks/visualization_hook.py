"""Pictures of evaluated people."""

from typing import Sequence

from mmengine.runner import Runner
from mmpose.engine.hooks import PoseVisualizationHook
from mmpose.structures import PoseDataSample

from mmbopr.registry import HOOKS


@HOOKS.register_module()
class MeshVisualizationHook(PoseVisualizationHook):
    """MMPose's hook, heeding ``interval`` in testing too.

    Needs ``visualizer=dict(type='MeshLocalVisualizer')``. A relative
    ``out_dir`` lies in the time-stamped folder of the run.

    Args:
        *args: See ``PoseVisualizationHook``.
        **kwargs: See ``PoseVisualizationHook``; ``interval`` counts batches.
    """

    def after_test_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: dict,
        outputs: Sequence[PoseDataSample],
    ) -> None:
        """Draw all people of every ``interval``-th batch.

        Args:
            runner: The runner of the test.
            batch_idx: Number of the batch.
            data_batch: What went in.
            outputs: The predictions.
        """
        if batch_idx % self.interval == 0:
            super().after_test_iter(runner, batch_idx, data_batch, outputs)
