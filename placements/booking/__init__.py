"""A participant's placement from plan to end: booked, settled, changed, extended, ended, and what it was worth."""
