"""Try configs without their files: build everything and pass a batch through.

    python tools/misc/check_config.py configs/bopr/*.py

Bodies are the open one, data sets hold a few stick figures, weights are
random, nothing is downloaded: what is tried is the config alone.  Model,
hooks, visualizer, data loaders with their pipelines, optimizer, schedulers
and evaluators are built as in a run; a training step and a test of two
samples follow.  ``mmbopr doctor CONFIG`` looks for the files.

The exit code is 1 if a config fails; the report names the key at fault.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import List

from mmbopr.doctor.finding import Finding
from mmbopr.doctor.rehearsal import rehearse
from mmbopr.engine.config_check import open_config
from mmbopr.utils.cfg_options import add_cfg_options


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument('configs', nargs='+', help='config files')
    add_cfg_options(parser, help='override settings of all configs')
    return parser.parse_args(argv)


def try_config(path: str, options: dict, folder: Path) -> List[Finding]:
    """Read, check and rehearse a config."""
    try:
        cfg = open_config(path, options)
        return [Finding('keys', True), *rehearse(cfg, folder)]
    # A config is a program, which may raise anything.
    except Exception as error:
        text = f'{type(error).__name__}: {error}'
        return [Finding('keys', False, remedy=text)]


def main(argv=None) -> int:
    """Try all configs.

    Returns:
        int: 1 if one fails.
    """
    args = parse_args(argv)
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        for number, path in enumerate(args.configs, 1):
            start = time.perf_counter()
            findings = try_config(path, args.cfg_options, Path(folder))
            seconds = time.perf_counter() - start
            print(f'[{number}/{len(args.configs)}] {path}, {seconds:.1f} s')
            good = all(finding.good for finding in findings)
            shown = [f'  ok  {len(findings)} steps'] if good else findings
            print(*shown, sep='\n', flush=True)
            if not good:
                failed.append(path)
    print(f'{len(args.configs) - len(failed)} of {len(args.configs)} work')
    for path in failed:
        print(f'FAILED {path}')
    return int(bool(failed))


if __name__ == '__main__':
    sys.exit(main())
