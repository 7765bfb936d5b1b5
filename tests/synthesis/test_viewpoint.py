import numpy as np

from mmbopr.synthesis.viewpoint import IMAGE_SIZES, sample_viewpoint


def test_level_camera_by_hand(level_view):
    point = np.array([0.5, 1.5, -2.0])  # right, above, 2 m ahead
    camera = level_view.to_camera(point)
    np.testing.assert_allclose(camera, [0.5, -0.5, 2.0])
    np.testing.assert_allclose(level_view.project(camera), [170, 50])


def test_rays_pass_through_the_pixel_centres():
    view, _ = sample_viewpoint(np.random.default_rng(1), (0.6, 1.7))
    points = view.position + 3.7 * view.rays().astype(np.float64)
    pixels = view.project(view.to_camera(points))
    rows, columns = np.indices(view.size[::-1])
    np.testing.assert_allclose(pixels[..., 0], columns + 0.5, atol=1e-2)
    np.testing.assert_allclose(pixels[..., 1], rows + 0.5, atol=1e-2)


def test_subject_fills_the_image_and_stands_in_its_middle():
    fills, middles = [], []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        view, distance = sample_viewpoint(rng, (0.6, 1.7))
        assert view.size in IMAGE_SIZES
        np.testing.assert_allclose(
            view.rotation @ view.rotation.T, np.eye(3), atol=1e-12
        )
        assert np.linalg.det(view.rotation) > 0
        line = np.array([[0, 1.7, -distance], [0, 0, -distance]])
        head, feet = view.project(view.to_camera(line))
        fills.append((feet[1] - head[1]) / view.size[1])
        middles.append((head + feet) / 2 / view.size)
    assert 0.5 < np.median(fills) < 0.95
    np.testing.assert_allclose(np.mean(middles, 0), 0.5, atol=0.05)
