import pytest

from mmbopr.utils.sequences import sequence_stem


@pytest.mark.parametrize(
    'name, stem',
    [
        ('downtown_stairs_00', 'downtown_stairs'),
        ('downtown_sitOnStairs_00', 'downtown_sitOnStairs'),
        ('flat_guitar', 'flat_guitar'),
        ('walk', 'walk'),
        ('', ''),
    ],
)
def test_first_two_words(name, stem):
    assert sequence_stem(name) == stem
