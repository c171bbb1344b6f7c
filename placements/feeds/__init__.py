"""A calendar feed for members of staff: what they have to do, in the calendar they have open anyway.

It leaves the house by a secret address that other programmes keep, so it says little: initials unless the owner wants
first names, no reason, no unit, no health; and of a person with protected personal data nothing at all.
"""
