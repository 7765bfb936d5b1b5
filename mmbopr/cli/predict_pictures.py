"""Pictures one by one, surviving broken files and interruptions."""

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import Iterator, List

from rich.progress import track

from mmbopr.apis import MeshInferencer, find_paths, read_picture
from mmbopr.exports import RESULT_WRITERS, export_result
from mmbopr.structures.mesh_result import MeshResult
from mmbopr.structures.picture import Picture
from mmbopr.utils.atomic import replace_when_complete

from .exit_codes import DONE, NOBODY_FOUND, REFUSED, SOME_FAILED
from .options import check_display, counted, wanted_suffixes
from .run_settings import RunSettings


class PictureRun:
    """One call of ``mmbopr predict`` for pictures.

    A picture is done when its file is in ``results``, which is written last.

    Args:
        args: The command line.

    Raises:
        OSError: If there are no pictures, no checkpoint, or no display.
        ValueError: If options do not go together, or with the results there.
    """

    def __init__(self, args: argparse.Namespace):
        _refuse_options_of_videos(args)
        check_display(args)
        self.args = args
        self.folder = Path(args.out)
        self.suffixes = wanted_suffixes(args.export, RESULT_WRITERS)
        self.paths = [x for name in args.input for x in find_paths(name)]
        _refuse_equal_names(self.paths)
        if args.bbox and len(self.paths) > 1:
            raise ValueError(
                f'--bbox is for a single picture, found {len(self.paths)}; '
                'give --det a json file with the boxes of all'
            )
        sources = [path.parent for path in self.paths]
        self.settings = RunSettings(args, self.folder, sources)
        self.failed: List[str] = []

    def run(self, inferencer: MeshInferencer) -> int:
        """Predict what is not done yet.

        Returns:
            int: The exit code.

        Raises:
            OSError: If ``--out`` cannot be written to.
        """
        self.settings.settle()
        args = self.args
        todo = [x for x in self.paths if not self._is_done(x)]
        done = len(self.paths) - len(todo)
        if done:
            print(f'{counted(done, "picture")} done already')
        results = inferencer.stream(
            self._pictures(todo),
            args.batch_size,
            K=args.K,
            bboxes=[args.bbox] if args.bbox else None,
            return_vertices=args.vertices,
            show=args.show,
            vis_out_dir=str(self.folder / 'overlays') if args.overlay else '',
        )
        body_model = inferencer.model.body_model.neutral
        count = Counter(done=done)
        for result in results:
            self._export(result, body_model)
            result.save(self._result_file(Path(result.img_path)))
            count.update(
                people=len(result), pictures=1, nobody=not len(result)
            )
        return self._conclude(count)

    def _result_file(self, path: Path) -> Path:
        return self.folder / 'results' / f'{path.name}.{self.args.format}'

    def _is_done(self, path: Path) -> bool:
        return not self.args.overwrite and self._result_file(path).is_file()

    def _pictures(self, paths: List[Path]) -> Iterator[Picture]:
        """Those that can be read; the others are noted."""
        for path in track(paths, 'Pictures'):
            try:
                img = read_picture(path)
            except OSError as error:
                self.failed.append(str(error))
                continue
            yield Picture(img, str(path))

    def _export(self, result: MeshResult, body_model) -> None:
        if not len(result):
            return
        name = Path(result.img_path).name
        for suffix in self.suffixes:
            file = self.folder / 'meshes' / f'{name}{suffix}'
            export_result(result, file, body_model)

    def _conclude(self, count: Counter) -> int:
        """Say what came out."""
        if count['pictures']:
            print(
                f'{counted(count["people"], "person")} in '
                f'{counted(count["pictures"], "picture")}, {count["nobody"]} '
                f'of which without anybody: {self.folder}'
            )
        note = self.folder / 'failed.txt'
        note.unlink(missing_ok=True)
        if self.failed:
            lines = '\n'.join(self.failed)
            with replace_when_complete(note) as temporary:
                temporary.write_text(f'{lines}\n')
            print(
                f'{counted(len(self.failed), "file")} failed, see {note}:\n'
                f'{lines}',
                file=sys.stderr,
            )
            some_done = count['done'] or count['pictures']
            return SOME_FAILED if some_done else REFUSED
        if not (count['done'] or count['people']):
            print(
                'nobody was found. The default detector is weak: give boxes '
                'with --bbox or --det FILE.json, or take --det rtm or, where '
                'a person fills the picture, --det whole',
                file=sys.stderr,
            )
            return NOBODY_FOUND
        return DONE


def _refuse_options_of_videos(args: argparse.Namespace) -> None:
    given = {
        '--fps': args.fps is not None,
        '--smooth': args.smooth is not None,
        '--no-track': not args.track,
    }
    names = [name for name, is_given in given.items() if is_given]
    if names:
        raise ValueError(
            f'{", ".join(names)}: for videos, but the input is pictures; '
            'leave it out'
        )


def _refuse_equal_names(paths: List[Path]) -> None:
    seen = {}
    for path in paths:
        other = seen.setdefault(path.name, path)
        if other is not path:
            raise ValueError(
                f'{other} and {path} have the same name, which results are '
                'named by: predict them into different folders'
            )
