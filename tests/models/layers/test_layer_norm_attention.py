import torch

from mmbopr.models.layers import LayerNormAttention


def layer_norm(x):
    x = x - x.mean(-1, keepdim=True)
    return x / ((x**2).mean(-1, keepdim=True) + 1e-5).sqrt()


def test_it_is_eq_2():
    torch.manual_seed(0)
    layer = LayerNormAttention(8)
    T = torch.randn(3, 24, 8)
    Q, K, V = (T @ m.weight.T for m in (layer.query, layer.key, layer.value))
    scores = torch.einsum('nic,njc->nij', Q, K) / 24**0.5
    expected = layer_norm(
        T + torch.einsum('nij,njc->nic', layer_norm(scores), V)
    )
    torch.testing.assert_close(layer(T), expected, atol=1e-5, rtol=1e-5)
