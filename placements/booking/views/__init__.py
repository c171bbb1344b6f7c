"""The pages of a placement: booked, looked at, acted on; and what a union representative sees."""
