"""Write the tables of the paper from dumps, beside the paper's own figures.

    python tools/report.py table1 "BoPR (HR-W32)@all=stage2.npz" stage3.npz
    python tools/report.py table4 occ.npz 3doh.npz --format latex --out t.tex
    python tools/report.py compare pare.npz bopr.npz
    python tools/report.py breakdown bopr.npz

Dumps are written by tools/test.py --dump. A dump goes to the column of its
protocol; NAME@COLUMN=DUMP says what to call it and where it belongs, either
part may be left out. Files of another method's predictions (see
tools/score_predictions.py) are scored on the way, against --ann-file.
"""

import argparse
import zipfile
from pathlib import Path

from score_predictions import add_scoring_arguments, score_file

from mmbopr.evaluation import (
    EvaluationDump,
    compare_dumps,
    drop_failures,
    read_dump,
)
from mmbopr.evaluation.listings import list_breakdown, list_comparison
from mmbopr.evaluation.tables import FORMATS, PAPER_TABLES, Entry, build_table
from mmbopr.utils.atomic import replace_when_complete
from mmbopr.visualization.report import render_page


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        'what', choices=[*PAPER_TABLES, 'compare', 'breakdown']
    )
    parser.add_argument('dumps', nargs='+', metavar='[NAME][@COLUMN=]DUMP')
    parser.add_argument('--format', choices=list(FORMATS), default='md')
    parser.add_argument('--out', help='write there, not to the screen')
    add_scoring_arguments(parser.add_argument_group('for predictions'))
    return parser.parse_args(argv)


def load(path: str, args: argparse.Namespace) -> EvaluationDump:
    """A dump, or what predictions score."""
    if holds_predictions(path):
        if args.ann_file is None:
            raise ValueError(
                f'{path}: these are predictions; give --ann-file and '
                '--protocol to score them, or score them once and for all '
                'with tools/score_predictions.py'
            )
        return score_file(path, args)
    return read_dump(path)


def holds_predictions(path: str) -> bool:
    """Whether a file holds predictions that are not scored yet."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return 'betas.npy' in archive.namelist()


def make_entry(argument: str, args: argparse.Namespace) -> Entry:
    """Read ``NAME@COLUMN=DUMP``, of which only the dump must be there.

    Failures stay in: a comparison leaves them out of both dumps.
    """
    label, path = '', argument
    if '=' in argument and not Path(argument).exists():
        label, path = argument.split('=', 1)
    name, _, column = label.partition('@')
    dump = load(path, args)
    config = Path(dump.protocol.get('config', path)).stem
    name = name or dump.protocol.get('method', config)
    return Entry(name, dump, column or None)


def make_table(args: argparse.Namespace) -> str:
    """One of the paper's tables."""
    entries = [make_entry(argument, args) for argument in args.dumps]
    table = build_table(
        args.what,
        [entry._replace(dump=drop_failures(entry.dump)) for entry in entries],
    )
    text = FORMATS[args.format](table)
    if args.format != 'html':
        return text
    return render_page(table.title, 'mm', [text], made_by='tools/report.py')


def make_comparison(args: argparse.Namespace) -> str:
    """Two dumps beside each other."""
    if len(args.dumps) != 2:
        raise ValueError(f'compare takes two dumps, found {len(args.dumps)}')
    first, second = (make_entry(argument, args) for argument in args.dumps)
    comparison = compare_dumps(first.dump, second.dump)
    return list_comparison((first.name, second.name), comparison)


def make_breakdown(args: argparse.Namespace) -> str:
    """Each dump in parts."""
    parts = []
    for argument in args.dumps:
        entry = make_entry(argument, args)
        dump = drop_failures(entry.dump)
        failed = f'{dump.protocol["num_failed"]} failed predictions left out.'
        parts.append(f'# {entry.name}\n\n{failed}\n\n{list_breakdown(dump)}')
    return '\n'.join(parts)


def main(argv=None) -> None:
    """Write what was asked for."""
    args = parse_args(argv)
    makers = dict(compare=make_comparison, breakdown=make_breakdown)
    text = makers.get(args.what, make_table)(args)
    if args.out is None:
        print(text)
        return
    with replace_when_complete(args.out) as temporary:
        temporary.write_text(text, 'utf-8')
    print(f'Wrote {args.out}')


if __name__ == '__main__':
    try:
        main()
    except (ValueError, FileNotFoundError) as error:
        raise SystemExit(f'error: {error}') from None
