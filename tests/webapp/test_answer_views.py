import json

import numpy as np
import trimesh

from mmbopr.structures import MeshResult
from mmbopr.visualization import draw_result, draw_side_view, draw_top_view
from mmbopr.webapp.answer_views import (
    draw_attention,
    draw_views,
    viewer_frame,
    write_files,
)


def test_views_are_what_was_asked_for(model, large):
    answer, body = model.answer(large, 'whole').shrunk(400), model.body_model
    views = draw_views(answer, body, ['boxes', 'mesh'])
    image, result, _ = answer
    np.testing.assert_array_equal(
        views['overlay'], draw_result(image, result, body, ['mesh+boxes'])
    )
    np.testing.assert_array_equal(
        views['side'], draw_side_view(result, body, 480)
    )
    np.testing.assert_array_equal(
        views['top'], draw_top_view(result, body, 480)
    )
    plain = draw_views(answer, body, [])['overlay']
    np.testing.assert_array_equal(plain, image)


def test_attention_is_drawn_where_there_is_some(model, picture):
    answer, body = model.answer(picture, 'whole'), model.body_model
    (parts, _), (whole, title) = draw_attention(answer, body)
    assert title == 'Whole body'
    for drawn, panel in ((parts, 'part'), (whole, 'body')):
        expected = draw_result(
            answer.image,
            answer.result,
            body,
            [f'{panel}_attention'],
            answer.attention,
        )
        np.testing.assert_array_equal(drawn, expected)
    one = answer._replace(attention=answer.attention._replace(part=None))
    assert [title for _, title in draw_attention(one, body)] == ['Whole body']
    assert draw_attention(answer._replace(attention=None), body) == []


def test_files_hold_the_people(model, picture, tmp_path):
    answer, body = model.answer(picture, 'whole'), model.body_model
    files = write_files(answer, body, tmp_path, 'photo')
    loaded = MeshResult.load(files['json'])
    np.testing.assert_allclose(loaded.betas, answer.result.betas, atol=1e-6)
    mesh = trimesh.load(files['glb'], force='mesh')
    assert len(mesh.vertices) == body.num_vertices
    page = open(files['html'], encoding='utf-8').read()
    data = page.split('id="data">')[1].split('</script>')[0]
    assert len(json.loads(data)['frames'][0]['people']) == 1


def test_a_page_in_a_page_cannot_break_out():
    frame = viewer_frame("\"></iframe><b onload='x'>&")
    assert frame.count('<') == 2 and frame.count('"') == 8
    assert '&quot;&gt;&lt;/iframe&gt;' in frame and '&amp;' in frame
    assert 'sandbox="allow-scripts"' in frame
