"""Who may see a protected participant: one person at a time, named by a manager."""
