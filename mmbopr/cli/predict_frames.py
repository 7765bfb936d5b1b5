"""Frames of a video or a camera, one by one, without following anybody."""

import argparse
from pathlib import Path

from rich.progress import track

from mmbopr.apis import MeshInferencer, open_pictures
from mmbopr.apis.picture_sources import number_of
from mmbopr.structures.picture import file_stem

from .exit_codes import DONE, NOBODY_FOUND, SOME_FAILED
from .options import check_display, counted
from .run_settings import RunSettings


class FrameRun:
    """One call of ``mmbopr predict --no-track`` for a video or a camera.

    However long it lasts, only a batch of frames is in memory.

    Args:
        args: The command line.

    Raises:
        OSError: If there is no such video, camera or checkpoint, or no
            display.
        ValueError: If options do not go together, or with the results there.
    """

    def __init__(self, args: argparse.Namespace):
        if args.bbox or args.smooth or args.export:
            raise ValueError(
                '--bbox is for a single picture, --smooth and --export need '
                'people that are followed: leave out --no-track'
            )
        check_display(args)
        self.args = args
        self.folder = Path(args.out)
        self.frames = open_pictures(args.input[0], args.fps)
        self.settings = RunSettings(args, self.folder, args.input)

    def run(self, inferencer: MeshInferencer) -> int:
        """Predict until the frames end.

        Returns:
            int: The exit code.

        Raises:
            OSError: If ``--out`` cannot be written to.
        """
        self.settings.settle()
        args = self.args
        results = inferencer.stream(
            self.frames,
            args.batch_size,
            K=args.K,
            return_vertices=args.vertices,
            show=args.show,
            vis_out_dir=str(self.folder / 'overlays') if args.overlay else '',
        )
        people = 0
        for result in track(results, 'Frames', number_of(self.frames)):
            name = file_stem(result.img_path, result.frame)
            result.save(self.folder / 'results' / f'{name}.{args.format}')
            people += len(result)
        found = counted(people, 'person')
        print(f'{found} in all frames together: {self.folder}')
        if self.frames.ended_early:
            return SOME_FAILED
        return DONE if people else NOBODY_FOUND
