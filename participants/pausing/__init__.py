"""An enrolment rests for a while, and goes on again."""
