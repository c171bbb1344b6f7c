"""Follow-ups that plan themselves, the reminders of them, and what is said of an answer."""
