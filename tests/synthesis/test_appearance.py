from dataclasses import replace

import numpy as np

from mmbopr.synthesis import appearance
from mmbopr.synthesis.appearance import dress, paint, regions, sample_outfit


def _outfit(**changes):
    outfit = sample_outfit(np.random.default_rng(0))
    usual = dict(sleeve=0.3, hem=1.0, shirt=0.05, hair='short', boot=0.04,
                 bulk=0.01, neckline=0.0)  # fmt: skip
    return replace(outfit, patterns=np.zeros(6, int), **{**usual, **changes})


def _region_at(rest, outfit, name, offset=(0, 0, 0)):
    point = rest.landmarks[name] + np.array(offset)
    nearest = np.linalg.norm(rest.vertices - point, axis=1).argmin()
    every = regions(rest.vertices, rest.parts, outfit, rest)
    return every[nearest]


def test_clothes_cover_what_they_should(rest):
    outfit = _outfit()
    assert _region_at(rest, outfit, 'nose') == appearance.SKIN
    assert _region_at(rest, outfit, 'spine3') == appearance.TOP
    assert _region_at(rest, outfit, 'left_knee') == appearance.BOTTOM
    assert _region_at(rest, outfit, 'right_big_toe') == appearance.SHOES
    assert _region_at(rest, outfit, 'left_middle') == appearance.HANDWEAR
    assert _region_at(rest, outfit, 'head_top') == appearance.HAIR


def test_lengths_matter(rest):
    assert _region_at(rest, _outfit(), 'left_elbow') == appearance.SKIN
    long = _outfit(sleeve=0.96)
    assert _region_at(rest, long, 'left_elbow') == appearance.TOP
    shorts = _outfit(hem=0.25)
    assert _region_at(rest, shorts, 'left_knee') == appearance.SKIN
    bald = _outfit(hair='bald')
    assert _region_at(rest, bald, 'head_top') == appearance.SKIN


def test_long_hair_covers_more(rest):
    count = [
        (regions(rest.vertices, rest.parts, _outfit(hair=kind), rest)
         == appearance.HAIR).sum()
        for kind in ('bald', 'short', 'long')
    ]  # fmt: skip
    assert count[0] == 0 < count[1] < count[2]


def test_dress_thickens_the_clothed_body_only(rest):
    outfit = _outfit(bulk=0.01)
    normals = np.tile(np.float32([0, 0, 1]), (len(rest.vertices), 1))
    thick = dress(rest.vertices, normals, outfit, rest)
    depth = (thick - rest.vertices)[:, 2]
    region = regions(rest.vertices, rest.parts, outfit, rest)
    np.testing.assert_allclose(
        depth[region == appearance.TOP], 0.01, atol=1e-6
    )
    np.testing.assert_array_equal(depth[region == appearance.SKIN], 0)
    assert depth[region == appearance.HAIR].min() > 0.005


def test_plain_clothes_have_their_colour(rest):
    outfit = _outfit()
    colour = paint(rest.vertices, rest.parts, outfit, rest)
    region = regions(rest.vertices, rest.parts, outfit, rest)
    for cloth in (appearance.TOP, appearance.BOTTOM, appearance.SHOES):
        worn = colour[region == cloth]
        np.testing.assert_array_equal(
            worn, np.broadcast_to(outfit.colours[cloth], worn.shape)
        )
