"""Export a trained model for other runtimes, and compare it with torch.

::

    python tools/deployment/export_model.py CONFIG CHECKPOINT --out model.onnx
    python tools/deployment/export_model.py CONFIG CHECKPOINT --out model.pt2

Inputs, outputs and runtimes are described in docs/deployment.md.
"""

import argparse

from mmbopr.apis import init_model
from mmbopr.deployment import DeploymentError, export_model
from mmbopr.deployment.parity import verify_export
from mmbopr.engine.config_check import ConfigError
from mmbopr.utils.cfg_options import add_cfg_options


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument('config')
    parser.add_argument('checkpoint')
    parser.add_argument('--out', required=True, help='.onnx or .pt2')
    parser.add_argument(
        '--vertices',
        action='store_true',
        help='compute meshes, too: the file then contains the body model',
    )
    parser.add_argument(
        '--accept-smpl-licence',
        action='store_true',
        help="I know that SMPL's licence holds for a file that contains it",
    )
    add_cfg_options(parser)
    return parser.parse_args(argv)


def main(argv=None) -> None:
    """Export, compare and print."""
    args = parse_args(argv)
    model = init_model(
        args.config, args.checkpoint, cfg_options=args.cfg_options
    )
    try:
        metadata = export_model(
            model,
            args.out,
            checkpoint=args.checkpoint,
            vertices=args.vertices,
            accept_smpl_licence=args.accept_smpl_licence,
        )
        errors = verify_export(model, args.out)
    except (ConfigError, DeploymentError, ImportError) as error:
        raise SystemExit(f'error: {error}') from error
    print(f'{args.out}: {metadata.licence}')
    print(f'inputs: {", ".join(metadata.inputs)}')
    print('largest difference from torch, batches of 1 and 3:')
    for name, gap in errors.items():
        print(f'  {name:16s} {gap:.1e}')


if __name__ == '__main__':
    main()
