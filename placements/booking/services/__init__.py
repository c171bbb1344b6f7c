"""Every act on a placement. Each locks the place whose seat it touches, then the placement (or the supervisor of a
new one), then the enrolment, then the workplace."""
