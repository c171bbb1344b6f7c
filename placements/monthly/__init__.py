"""What is told of a month's attendance: the basis of one participant, and a unit's file for the benefit system.

The municipality's board decides about support. The product says what was planned and what was attended, and to whom
that was handed over; it never says what follows.
"""
