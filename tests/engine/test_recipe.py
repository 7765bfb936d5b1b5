from pathlib import Path

import pytest
import torch
from mmengine.config import Config

from mmbopr.engine.recipe import (
    RecipeError,
    Stage,
    check_order,
    first_weights,
)


@pytest.fixture
def make(tmp_path):
    """Function that makes a stage of 20 iterations."""

    def make(name, load_from=None):
        final = tmp_path / name / 'iter_20.pth'
        return Stage(f'configs/{name}.py', final, load_from)

    return make


def save(path):
    path.parent.mkdir(exist_ok=True)
    torch.save({}, path)


# --- one stage
@pytest.mark.parametrize(
    ('train_cfg', 'final'),
    [
        (dict(type='ExactResumeTrainLoop', max_iters=20), 'iter_20.pth'),
        (dict(by_epoch=True, max_epochs=9), 'epoch_9.pth'),
    ],
)
def test_the_length_names_the_final_checkpoint(train_cfg, final):
    cfg = Config(
        dict(train_cfg=train_cfg, work_dir='there', load_from='it.pth'),
        filename='configs/film.py',
        cfg_text='# film',
    )
    stage = Stage.from_config(cfg)
    assert stage == Stage('configs/film.py', Path('there', final), 'it.pth')
    assert stage.name == 'film'


@pytest.mark.parametrize('train_cfg', [None, dict(by_epoch=True)])
def test_a_stage_has_a_length(train_cfg):
    cfg = Config(dict(train_cfg=train_cfg), '# film', 'film.py')
    with pytest.raises(RecipeError, match=r'^film\.py: .* neither max_iters'):
        Stage.from_config(cfg)


def test_a_stage_is_finished_with_its_last_checkpoint(make, tmp_path):
    stage = make('film')
    assert not stage.finished and stage.latest is None
    save(tmp_path / 'film/iter_10.pth')
    assert not stage.finished and stage.latest.name == 'iter_10.pth'
    stage.final.write_bytes(b'torn')
    assert not stage.finished and stage.latest.name == 'iter_10.pth'
    save(stage.final)
    assert stage.finished and stage.latest == stage.final


# --- their order
def test_stages_follow_each_other(make):
    check_order([make('wild')])
    check_order(
        [
            make('wild', 'https://somewhere/pretrained.pth'),
            make('mixed', 'work_dirs/wild/iter_20.pth'),
            make('film'),
            make('crowd', 'elsewhere/film/iter_10.pth'),
        ]
    )


def test_other_weights_are_refused(make):
    wild, film = make('wild'), make('film', 'work_dirs/mixed/iter_20.pth')
    with pytest.raises(RecipeError) as caught:
        check_order([wild, film])
    assert str(caught.value) == (
        'film is to start from wild, but its config says '
        "load_from='work_dirs/mixed/iter_20.pth'. Put the stages in order, "
        "without a gap, or correct load_from: 'work_dirs/wild/iter_20.pth'"
    )


def test_names_are_unique(make):
    with pytest.raises(RecipeError, match='2 stages are called film'):
        check_order([make('film'), make('crowd'), make('film')])


# --- where the first one starts
@pytest.mark.parametrize('weights', [None, 'https://somewhere/wild/x.pth'])
def test_a_first_stage_needs_no_other(make, tmp_path, weights):
    assert first_weights(make('wild', weights), tmp_path) == weights


def test_a_later_stage_starts_from_the_finished_one(make, tmp_path):
    film = make('film', str(tmp_path / 'work_dirs/wild/iter_20.pth'))
    with pytest.raises(RecipeError) as caught:
        first_weights(film, tmp_path)
    assert str(caught.value).startswith(
        'film starts from wild/iter_20.pth, but there is no complete '
        f'checkpoint of that name in {tmp_path}, nor {film.load_from}. '
        'Name the config of the stage before it'
    )
    (tmp_path / 'work_dirs').mkdir()
    save(Path(film.load_from))
    assert first_weights(film, tmp_path) == film.load_from
    wild = tmp_path / 'wild/iter_20.pth'
    save(wild)
    assert first_weights(film, tmp_path) == str(wild)
    wild.write_bytes(b'torn')
    assert first_weights(film, tmp_path) == film.load_from
