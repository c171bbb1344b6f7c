"""What others than the municipality certify, in the participant's file."""
