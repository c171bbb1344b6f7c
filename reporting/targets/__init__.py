"""Municipal employments delivered, set against how many each department was to receive."""

from reporting.targets.told import KEY, targets_as_published, targets_table

__all__ = ["KEY", "targets_as_published", "targets_table"]
