"""Converted networks compute what the original code computed.

tests/data/parity/README.md says where weights, inputs and outputs come from.
"""

import pytest
import torch
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmengine.runner import load_checkpoint

from mmbopr.registry import MODELS
from mmbopr.structures.predictions import CropContext
from mmbopr.testing.fake_smpl import write_fake_smpl

# original -> converter, its network, the model base
CASES = {
    'pare': ('pare2mmbopr', 'PARE', 'pare_hrnet-w32'),
    'spin': ('spin2mmbopr', 'SPIN', 'hmr_resnet50'),
    'cliff50': ('cliff2mmbopr', 'CLIFF', 'cliff_resnet50'),
    'cliff48': ('cliff2mmbopr', 'CLIFF', 'cliff_hrnet-w48'),
}


@pytest.fixture(scope='module')
def smpl_file(tmp_path_factory):
    """A body with SMPL's id, so that converted checkpoints fit it."""
    folder = write_fake_smpl(tmp_path_factory.mktemp('smpl'))
    return str(folder / 'SMPL_NEUTRAL.pkl')


@pytest.fixture
def build(pytestconfig, smpl_file):
    def build(base):
        init_default_scope('mmbopr')
        path = f'configs/_base_/models/{base}.py'
        cfg = Config.fromfile(pytestconfig.rootpath / path)
        cfg.model.body_model.model_path = smpl_file
        model = MODELS.build(cfg.model)
        model.eval()
        return model

    return build


def crops_with(bbox_info):
    """Crops of which CLIFF is told ``bbox_info`` (N, 3)."""
    offset, size = bbox_info.split([2, 1], 1)
    side = (0.06 * size + 0.24).expand(-1, 2)
    K = torch.tensor([[1.0, 1.0, 0.0, 0.0]]).expand(len(side), -1)
    return CropContext(torch.cat([offset / 2.8, side], 1), K, None)


@pytest.mark.parametrize('name', CASES)
def test_outputs_equal_the_originals(
    name, tools, load_parity, build, tmp_path, capsys
):
    module, original, base = CASES[name]
    original = getattr(getattr(tools, module), original)
    parity = load_parity(name)
    src, dst = tmp_path / 'official.pt', tmp_path / 'ours.pth'
    torch.save({original.root: parity.state_dict()}, src)
    tools.command.main(original, [str(src), str(dst)])
    assert f'wrote {dst}' in capsys.readouterr().out

    model = build(base)
    load_checkpoint(model, str(dst), strict=True)
    image, *bbox_info = parity.inputs()
    crops = crops_with(bbox_info[0]) if bbox_info else None
    with torch.no_grad():
        features = model.extract_feat(image)
        pred = model.head(features, crops)
    for value, key in (
        (pred.pose_rotmat, 'pred_rotmat'),
        (pred.betas, 'pred_betas'),
        (pred.cam, 'pred_cam'),
    ):
        torch.testing.assert_close(
            value, parity.output(key), atol=1e-5, rtol=0
        )
    # The inputs make a difference, so that equal outputs mean something.
    assert (pred.pose_rotmat[0] - pred.pose_rotmat[1]).abs().max() > 1e-3
    if name == 'pare':
        torch.testing.assert_close(
            features.part_logits[..., ::8, ::8],
            parity.output('segm_logits'),
            atol=1e-5,
            rtol=0,
        )
