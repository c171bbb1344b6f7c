"""The mapping (kartläggning): the questions, writing, completing, reading, what has changed between two of them."""
