"""Which place suits whom, by rules that say themselves why: nothing is weighed that is not told.

What a place requires (level of language, licence) is a gate; after that come the occupational area somebody aims for,
whether a seat is free, whether it is in the same town, and whether somebody trained leads. The order is that of these
questions, one after the other, and never a number.
"""
