"""Björkåkra kommun: an invented municipality, written as a register and loaded through the same door as any other."""
