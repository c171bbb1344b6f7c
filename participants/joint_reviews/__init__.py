"""Joint reviews: what is planned with those who go round."""
