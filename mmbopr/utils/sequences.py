"""Names of video sequences."""


def sequence_stem(name: str) -> str:
    """The first two words of a name: place and activity in 3DPW.

    Benchmarks list sequences by them, whatever the take. Words are whole:
    ``downtown_stairs`` is one, ``downtown_sitOnStairs`` is not.
    """
    return '_'.join(name.split('_')[:2])
