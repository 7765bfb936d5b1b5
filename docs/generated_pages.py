"""Sphinx extension: the model zoo from metafiles, the API from packages."""

import importlib
import inspect
import pkgutil
from pathlib import Path
from typing import Iterable, Iterator, List

import yaml
from mmcv.transforms.utils import cache_randomness
from sphinx.application import Sphinx

ROOT = Path(__file__).parents[1]
OUT = Path(__file__).parent / '_generated'
HOME = 'https://github.com/mmbopr/mmbopr/tree/main'
# Modules that users import from by themselves.
_MODULES = (
    'mmbopr.utils.camera',
    'mmbopr.utils.rasterize',
    'mmbopr.utils.rotation',
    'mmbopr.utils.safe_load',
)
# Nothing that users call.
_PRIVATE = ('mmbopr.testing', 'mmbopr.cli', 'mmbopr.compat', 'mmbopr.registry')


def model_zoo() -> str:
    """The page of models: what each metafile says of each config."""
    index = yaml.safe_load((ROOT / 'model-index.yml').read_text())
    parts = [
        '# Model zoo\n',
        'No weights are published. Figures were measured here, on the data '
        'that the line names; those of the open body are comparable with '
        'each other only. What the paper reports is in the comment that '
        'each config begins with.',
    ]
    for file in index['Import']:
        content = yaml.safe_load((ROOT / file).read_text())
        for collection in content['Collections']:
            parts += _collection(collection, content['Models'])
    return '\n'.join(parts)


def _collection(collection: dict, models: List[dict]) -> Iterator[str]:
    paper = collection.get('Paper')
    yield f'\n## {collection["Name"]}\n'
    if paper:
        yield f'[{paper["Title"]}]({paper["URL"]})\n'
    parts = ', '.join(collection['Metadata']['Architecture'])
    yield f'Parts: {parts}. [README]({HOME}/{collection["README"]})\n'
    for model in models:
        if model['In Collection'] == collection['Name']:
            yield f'- [{model["Name"]}]({HOME}/{model["Config"]})'
            yield from map(_result, model.get('Results', ()))


def _result(result: dict) -> str:
    numbers = ', '.join(f'{k} {v}' for k, v in result['Metrics'].items())
    return f'  - {result["Dataset"]}: {numbers} mm'


def api_pages() -> Iterator[tuple]:
    """Name and text of a page for every package with public names."""
    package = importlib.import_module('mmbopr')
    for info in pkgutil.walk_packages(package.__path__, 'mmbopr.'):
        if info.ispkg and not info.name.startswith(_PRIVATE):
            parts = list(_directives(info.name))
            if parts:
                yield info.name, _page(info.name, '\n'.join(parts))
    for name in _MODULES:
        yield name, _page(name, f'.. automodule:: {name}')


def _page(title: str, directives: str) -> str:
    return f'# {title}\n\n```{{eval-rst}}\n{directives}\n```\n'


def _directives(package: str) -> Iterator[str]:
    """Autodoc's directives for what lives in a package itself."""
    module = importlib.import_module(package)
    for name in getattr(module, '__all__', ()):
        thing = getattr(module, name)
        home = getattr(thing, '__module__', '').rpartition('.')[0]
        if home == package and inspect.isclass(thing):
            yield f'.. autoclass:: {package}.{name}'
        elif home == package and callable(thing):
            yield f'.. autofunction:: {package}.{name}'


def api_index(names: Iterable[str]) -> str:
    """The page that says what is in each package."""
    rows = '\n'.join(
        f'| [{name}]({name}.md) | {_first_line(name)} |' for name in names
    )
    tree = '\n'.join(names)
    return (
        '# API reference\n\nA name in a config is the class of that name.\n\n'
        f'| package | |\n|---|---|\n{rows}\n\n'
        f'```{{toctree}}\n:maxdepth: 1\n:hidden:\n\n{tree}\n```\n'
    )


def _first_line(name: str) -> str:
    return inspect.getdoc(importlib.import_module(name)).splitlines()[0]


def write_pages(app: Sphinx) -> None:
    """Write what changed, so that Sphinx rebuilds only that.

    Pages of packages that are gone would stay in no table of contents.
    """
    api = dict(sorted(api_pages()))
    pages = {f'api/{name}': text for name, text in api.items()}
    pages |= {'model_zoo': model_zoo(), 'api/index': api_index(api)}
    files = {OUT / f'{name}.md': text for name, text in pages.items()}
    for stale in set(OUT.rglob('*.md')) - set(files):
        stale.unlink()
    for file, text in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists() or file.read_text() != text:
            file.write_text(text)


def let_methods_be_looked_up() -> None:
    """Let ``Class.method`` work for methods that mmcv's caches wrap."""
    bind = cache_randomness.__get__

    def get(self, instance, owner):
        return self if instance is None else bind(self, instance, owner)

    cache_randomness.__get__ = get


def setup(app: Sphinx) -> dict:
    """Entry point of the extension."""
    let_methods_be_looked_up()
    app.connect('builder-inited', write_pages)
    return {'parallel_read_safe': True}
