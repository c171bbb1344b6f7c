"""Supervisors: who leads the work at a workplace, their training, and the support they get."""
