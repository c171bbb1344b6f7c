"""Where people work: one file per concept."""

from placements.models.employer import Employer, Workplace
from placements.models.followup import FollowUp
from placements.models.placement import GradeTerm, Placement

__all__ = ["Employer", "FollowUp", "GradeTerm", "Placement", "Workplace"]
