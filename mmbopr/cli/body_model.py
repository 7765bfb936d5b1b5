"""``mmbopr body-model``: what a SMPL file is; make it a plain npz."""

import argparse
from pathlib import Path


def add_parser(commands) -> None:
    """Add this sub-command."""
    parser = commands.add_parser(
        'body-model',
        help='check or convert a SMPL file',
        description='Read an official SMPL file of any kind (pickles with '
        'chumpy included) without executing anything in it.',
    )
    actions = parser.add_subparsers(metavar='ACTION', required=True)
    check = actions.add_parser('check', help='say what a file is')
    check.add_argument('file')
    check.set_defaults(run=run_check)
    convert = actions.add_parser('convert', help='write it as a plain npz')
    convert.add_argument('file')
    convert.add_argument(
        '--out', help='npz file; by default beside the file, as SMPL.npz is'
    )
    convert.set_defaults(run=run_convert)


def run_check(args: argparse.Namespace) -> int:
    """Say what the file is."""
    from mmbopr.body_models.smpl_files import read_smpl_arrays

    arrays = read_smpl_arrays(Path(args.file))
    template, weights = arrays['v_template'], arrays['weights']
    height = float(template[:, 1].max() - template[:, 1].min())
    print(f'{args.file}: a SMPL body that can be used')
    print(
        f'  {len(template)} vertices, {len(arrays["f"])} faces, '
        f'{weights.shape[1]} joints, {arrays["shapedirs"].shape[2]} shape '
        f'components, {arrays["posedirs"].shape[2]} pose correctives'
    )
    print(f'  {height:.3f} m tall in the mean shape')
    for name, array in arrays.items():
        print(f'  {name:14} {array.dtype!s:8} {array.shape}')
    return 0


def run_convert(args: argparse.Namespace) -> int:
    """Write the npz."""
    import numpy as np

    from mmbopr.body_models.smpl_files import read_smpl_arrays
    from mmbopr.utils.atomic import replace_when_complete

    source = Path(args.file)
    out = Path(args.out) if args.out else source.with_suffix('.npz')
    if out.suffix != '.npz':
        raise ValueError(f'{out}: expected a name that ends in .npz')
    if out.exists():
        raise ValueError(f'{out} is there already: name another with --out')
    arrays = read_smpl_arrays(source)
    with replace_when_complete(out) as temporary, open(temporary, 'wb') as f:
        np.savez(f, **arrays)
    print(f'wrote {out}; SMPL(...) and smplx read it like the original')
    return 0
