import pytest
import torch

from mmbopr.deployment import benchmark
from mmbopr.deployment.benchmark import (
    annotated_crops,
    compare_runtimes,
    runtimes,
)
from mmbopr.testing.tiny_config import make_tiny_data, tiny_options


def test_runtimes_take_turns_and_medians_are_kept(monkeypatch):
    log, clock = [], [0.0]

    def fake(name, seconds, vertices):
        seconds = iter(seconds)

        def run(batch):
            log.append((name, batch))
            clock[0] += next(seconds)
            return torch.tensor([[vertices, [0.0, 0, 0]]])

        return run

    monkeypatch.setattr(benchmark.time, 'perf_counter', lambda: clock[0])
    monkeypatch.setattr(benchmark.time, 'process_time', lambda: 2 * clock[0])
    found = compare_runtimes(
        dict(
            slow=fake('slow', [100, 2, 9, 3], [0.0, 0, 0]),
            quick=fake('quick', [100, 1, 1, 7], [0.003, 0.004, 0]),
        ),
        'crops',
        rounds=3,
    )
    assert log == [('slow', 'crops'), ('quick', 'crops')] * 4
    assert found['slow'] == (3, 6, 0, 0)
    assert found['quick'] == pytest.approx((1, 2, 2.5, 5))  # mm


def test_every_runtime_gives_nearly_the_same_meshes(
    exported, batch, cpu_has_bf16
):
    model, path = exported
    runs = runtimes(model, path)
    assert ('openvino bf16' in runs) == cpu_has_bf16
    expected = runs['torch fp32'](batch)
    for name, run in runs.items():
        vertices = run(batch)
        error = (vertices - expected).norm(dim=-1).mean()
        assert error < (0.02 if 'bf16' in name else 1e-4), name
        assert ('bf16' in name) == bool(error > 1e-4), name
    # Its own copy was laid out anew.
    weight = model.backbone.conv.weight
    assert weight.is_contiguous()


def test_crops_may_be_those_of_the_test_set(make_model, tmp_path):
    model = make_model('hmr')
    data = make_tiny_data(tmp_path)
    model.cfg.merge_from_dict(tiny_options(data))
    batch = annotated_crops(model, 2)
    assert [x.dtype for x in batch['inputs']] == [torch.uint8] * 2
    names = [x.img_path for x in batch['data_samples']]
    assert len(set(names)) == 2
