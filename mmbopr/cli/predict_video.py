"""A video as a whole: results a frame, a track a person."""

import argparse
import glob
import sys
from functools import partial
from pathlib import Path
from typing import Sequence

from mmbopr.apis import MeshInferencer, open_pictures
from mmbopr.exports import TRACK_WRITERS, export_track
from mmbopr.motion import SMOOTHERS
from mmbopr.structures.mesh_result import MeshResult
from mmbopr.structures.picture import file_stem
from mmbopr.video import predict_video
from mmbopr.visualization import draw_overlay

from .exit_codes import DONE, NOBODY_FOUND, SOME_FAILED
from .options import counted, wanted_suffixes
from .run_settings import RunSettings


class VideoRun:
    """One call of ``mmbopr predict`` for a video.

    Args:
        args: The command line.

    Raises:
        OSError: If there is no such video or checkpoint.
        ValueError: If options do not go together, or with the results there.
    """

    def __init__(self, args: argparse.Namespace):
        if args.bbox or args.show:
            raise ValueError(
                '--bbox is for a single picture; --show needs --no-track'
            )
        self.args = args
        self.folder = Path(args.out)
        self.suffixes = wanted_suffixes(args.export, TRACK_WRITERS)
        open_pictures(args.input[0], args.fps)  # refuses what is no video
        self.settings = RunSettings(args, self.folder, args.input)

    def run(self, inferencer: MeshInferencer) -> int:
        """Predict the video.

        Returns:
            int: The exit code.

        Raises:
            OSError: If ``--out`` cannot be written to.
        """
        self.settings.settle()
        args = self.args
        body_model = inferencer.model.body_model.neutral
        found = predict_video(
            inferencer,
            args.input[0],
            self.folder,
            smoother=SMOOTHERS[args.smooth]() if args.smooth else None,
            draw=partial(draw_overlay, body_model=body_model)
            if args.overlay
            else None,
            fps=args.fps,
            batch_size=args.batch_size,
            K=args.K,
            return_vertices=args.vertices,
        )
        self._save_results(found.results)
        for track in found.tracks:
            for suffix in self.suffixes:
                name = f'track_{track.track_id:04d}{suffix}'
                export_track(track, self.folder / 'motions' / name, body_model)
        print(
            f'{counted(len(found.tracks), "person")} in '
            f'{counted(len(found.results), "frame")}: {self.folder}'
        )
        if found.ended_early:
            return SOME_FAILED
        if found.tracks:
            return DONE
        print('nobody was found; see --det', file=sys.stderr)
        return NOBODY_FOUND

    def _save_results(self, results: Sequence[MeshResult]) -> None:
        """Write a file a frame; those of a video that was longer go."""
        folder, suffix = self.folder / 'results', self.args.format
        name = glob.escape(Path(self.args.input[0]).name)
        old = set(folder.glob(f'{name}_{"[0-9]" * 6}*.{suffix}'))
        for result in results:
            stem = file_stem(result.img_path, result.frame)
            file = folder / f'{stem}.{suffix}'
            result.save(file)
            old.discard(file)
        for file in old:
            file.unlink()
