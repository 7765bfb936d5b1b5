"""The model zoo's index lists every config, once."""

from pathlib import Path

import yaml
from mmengine.infer import BaseInferencer

from mmbopr.apis.model_zoo import find_model

ROOT = Path(__file__).parents[2]
INDEX = yaml.safe_load((ROOT / 'model-index.yml').read_text())
METAFILES = [yaml.safe_load((ROOT / x).read_text()) for x in INDEX['Import']]


def test_every_config_is_listed_once():
    listed = [m['Config'] for file in METAFILES for m in file['Models']]
    there = [
        str(path.relative_to(ROOT))
        for path in (ROOT / 'configs').rglob('*.py')
        if '_base_' not in path.parts
    ]
    assert sorted(listed) == sorted(there)


def test_entries_name_what_is_there():
    for file in METAFILES:
        (collection,) = file['Collections']
        assert (ROOT / collection['README']).is_file()
        assert (ROOT / collection['Code']['URL']).is_file()
        for model in file['Models']:
            assert model['In Collection'] == collection['Name']
            assert Path(model['Config']).stem == model['Name']


def test_results_are_those_of_the_page():
    page = (ROOT / 'configs/open/README.md').read_text()
    for file in METAFILES:
        for model in file['Models']:
            for result in model.get('Results', ()):
                row = [x for x in page.splitlines() if model['Name'] in x]
                values = result['Metrics'].values()
                assert all(f' {value} ' in row[0] for value in values)


def test_names_and_aliases_are_told_apart_and_found():
    models = [m for file in METAFILES for m in file['Models']]
    names = [m['Name'] for m in models]
    aliases = {x: m for m in models for x in m.get('Alias', ())}
    assert {'bopr', 'pare', 'cliff', 'hmr', 'bopr-open'} <= set(aliases)
    known = names + [x for m in models for x in m.get('Alias', ())]
    assert len(set(known)) == len(known)
    for alias, model in aliases.items():
        cfg, weights = find_model(alias)
        assert cfg.filename.endswith(model['Config']) and weights is None


def test_mmengine_lists_the_models():
    models = [m for file in METAFILES for m in file['Models']]
    names = [x for m in models for x in (m['Name'], *m.get('Alias', ()))]
    assert sorted(BaseInferencer.list_models('mmbopr')) == sorted(names)
