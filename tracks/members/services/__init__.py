"""Every act on somebody's place in a round. Each locks the round if a seat is taken or held, then the place or the
group, then the activity of the plan, then the case, then the member."""
