"""Employers and their workplaces: who they are, what they have promised, whether they are fit to receive."""
