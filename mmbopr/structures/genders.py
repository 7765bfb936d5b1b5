"""Genders of body models; the position in the tuple is the stored code."""

GENDERS = ('male', 'female', 'neutral')
MALE, FEMALE, NEUTRAL = range(3)
# As data sets write them: 'm', 'f', 'n'.
GENDER_OF_INITIAL = {name[0]: code for code, name in enumerate(GENDERS)}
