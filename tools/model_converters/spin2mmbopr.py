"""Convert SPIN's checkpoint for ``HMRHead``.

Example:
    python tools/model_converters/spin2mmbopr.py \
        data/model_checkpoint.pt checkpoints/spin.pth
"""

from command import main
from conversion import Original, Rule

# HMRHead has SPIN's names.
REGRESSOR = Rule(r'(fc\d|dec\w+|init_\w+)(\..*)?', r'head.\g<0>')
SPIN = Original(
    name='SPIN',
    page='https://github.com/nkolot/SPIN',
    root='model',
    prefix='',
    rules=[REGRESSOR, Rule(r'(conv1|bn1|layer\d)\..*', r'backbone.\g<0>')],
    find_base=lambda state: 'hmr_resnet50',
)

if __name__ == '__main__':
    main(SPIN)
