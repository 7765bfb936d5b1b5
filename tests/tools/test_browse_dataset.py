import cv2
import pytest
from mmengine.config import Config

from mmbopr.engine.config_check import ConfigKeyError


@pytest.fixture(scope='module')
def run(load_tool, tiny_model):
    """Function that runs the tool on the tiny config; returns the folder."""
    tool = load_tool('misc/browse_dataset.py')

    def run(out, *argv, config=tiny_model / 'config.py'):
        argv = [config, '--output-dir', out, '--not-show', *argv]
        tool.main([str(x) for x in argv])
        return out

    return run


def pictures(folder):
    return sorted(str(x.relative_to(folder)) for x in folder.rglob('*.png'))


def test_samples_spread_over_the_data_set_and_a_page(run, tmp_path):
    run(tmp_path, '--num', 2)
    assert pictures(tmp_path) == [
        'stick-figures/000000.png', 'stick-figures/000007.png',
    ]  # fmt: skip
    page = (tmp_path / 'index.html').read_text()
    assert '2 of 8 samples' in page and page.count('<div class="person">') == 2
    assert page.count('<figcaption>mesh, neutral') == 2
    assert 'src="http' not in page


def test_original_shows_whole_pictures_and_pipeline_every_step(run, tmp_path):
    run(tmp_path / 'original', '--num', 1, '--mode', 'original')
    page = (tmp_path / 'original/index.html').read_text()
    # Of 96x72.
    assert page.count('<img width="288" height="216"') == 7
    run(tmp_path / 'steps', '--num', 1, '--mode', 'pipeline', '--phase', 'val')
    page = (tmp_path / 'steps/index.html').read_text()
    assert '1 of 5 samples' in page
    for step in ('1 LoadMeshImage', '2 MeshTopdownAffine', 'input'):
        assert f'<figcaption>{step}</figcaption>' in page
    steps, whole = (
        cv2.imread(str(next((tmp_path / x).rglob('*.png'))))
        for x in ('steps', 'original')
    )
    assert len(steps) > len(whole)  # nine panels need two rows


def test_every_data_set_of_a_mixture_has_a_section(run, tiny_model, tmp_path):
    cfg = Config.fromfile(tiny_model / 'config.py')
    single = cfg.train_dataloader.dataset
    named = {**single, 'metainfo': dict(dataset_name='wild')}
    cfg.train_dataloader.dataset = dict(
        type='ConcatDataset',
        datasets=[single, named, single],
        ignore_keys=['dataset_name', 'split'],
    )
    cfg.dump(tmp_path / 'mixture.py')
    run(tmp_path, '--num', 1, config=tmp_path / 'mixture.py')
    assert pictures(tmp_path) == [
        'stick-figures 2/000000.png',
        'stick-figures/000000.png',
        'wild/000000.png',
    ]
    page = (tmp_path / 'index.html').read_text()
    assert page.count('<section>') == 3 and '<h2>wild</h2>' in page


def test_at_least_one_sample_is_asked_for(run, tmp_path, capsys):
    with pytest.raises(SystemExit):
        run(tmp_path, '--num', 0)
    assert '--num must be at least 1, found 0' in capsys.readouterr().err


def test_misspelt_keys_are_refused(run, tmp_path):
    with pytest.raises(ConfigKeyError, match='colour'):
        run(tmp_path, '--cfg-options', 'model.head.colour=1')
