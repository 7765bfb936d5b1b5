from mmbopr.structures import (
    FEMALE,
    GENDER_OF_INITIAL,
    GENDERS,
    MALE,
    NEUTRAL,
)


def test_codes_are_places_in_the_tuple():
    assert (MALE, FEMALE, NEUTRAL) == (0, 1, 2)
    assert GENDERS == ('male', 'female', 'neutral')
    assert GENDER_OF_INITIAL == {'m': 0, 'f': 1, 'n': 2}
