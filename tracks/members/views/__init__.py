"""The pages of participants on job tracks: proposing, offering, moving on, how it ended."""
