import torch

from mmbopr.models.losses import LossTerms


def test_terms_are_those_of_the_config():
    terms = LossTerms(
        {
            'loss_betas': dict(type='mmbopr.BetasLoss', loss_weight=3.0),
            'loss_pose': None,
            'loss_camera': dict(type='mmbopr.CameraLoss', loss_weight=2.0),
        }
    )
    betas, valid = torch.full((2, 10), 2.0), torch.tensor([True, False])
    found = terms(
        {
            'loss_betas': (betas, torch.zeros(2, 10), valid),
            'loss_pose': None,  # nobody asks for it
            'loss_camera': (torch.zeros(2, 3),),
        }
    )
    assert list(found) == ['loss_betas', 'loss_camera']
    assert found['loss_betas'].item() == 12
    assert found['loss_camera'].item() == 2
