"""Standing in for a colleague who is away."""
