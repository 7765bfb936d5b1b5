"""Genders of body models; the position in the tuple is the stored code."""

GENDERS = ('male', 'female', 'neutral')
MALE, FEMALE, NEUTRAL = range(3)
