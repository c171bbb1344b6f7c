"""What is done with reports. Each act is one keyword-only, atomic function."""
