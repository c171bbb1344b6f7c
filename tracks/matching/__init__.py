"""Which tracks suit a participant, and which participants fit a round: an order of questions, each told in words."""
