"""Closing an enrolment: why and when, what it counts as, what ends with it, completed and annulled later."""
