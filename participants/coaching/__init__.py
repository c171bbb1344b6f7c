"""Who is whose job coach, and how a participant passes from one to another."""
