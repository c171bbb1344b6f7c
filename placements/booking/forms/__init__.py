"""What is typed about placements, and which of it can be stored."""
