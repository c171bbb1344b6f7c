"""Issuing certificates in rounds: for all that are ready, of a unit or of all, whose placements ended in a period."""
