"""``mmbopr list``: models, configs and registered parts."""

import argparse
from typing import Iterator


def add_parser(commands) -> None:
    """Add this sub-command."""
    parser = commands.add_parser(
        'list',
        help='list models, configs or registered parts',
        description='models: names that can be given for a config, with what '
        'was measured; configs: their files; parts: what a config can name '
        'in type=, by registry.',
    )
    parser.add_argument('what', choices=list(_LISTS))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the list."""
    for line in _LISTS[args.what]():
        print(line)
    return 0


def _models() -> Iterator[str]:
    from mmbopr.apis.model_zoo import zoo_entries

    for entry in zoo_entries():
        results = (
            f'{result["Dataset"]}: '
            + ', '.join(f'{k} {v}' for k, v in result['Metrics'].items())
            for result in entry.get('Results', [])
        )
        yield '  '.join((entry['Name'], *results))


def _configs() -> Iterator[str]:
    from mmbopr.apis.model_zoo import zoo_entries

    return (entry['Config'] for entry in zoo_entries())


def _parts() -> Iterator[str]:
    from mmengine.registry import Registry

    from mmbopr import registry

    for name, node in sorted(vars(registry).items()):
        if isinstance(node, Registry):
            node.import_from_location()
            if node.module_dict:
                yield f'{name}:'
                yield from (f'  {part}' for part in sorted(node.module_dict))


_LISTS = dict(models=_models, configs=_configs, parts=_parts)
