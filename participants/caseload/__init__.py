"""The unit's view: how many participants each job coach has, and what of it is late."""
