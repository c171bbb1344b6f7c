"""Groups and their sessions: what is no workplace, and who came."""
