"""What is agreed with the public employment service about a person, before a measure begins."""
