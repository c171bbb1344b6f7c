"""Every act on a placement. Each locks the place whose seat it touches, then the placement, then the enrolment."""
