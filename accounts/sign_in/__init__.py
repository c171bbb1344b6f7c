"""Signing in: allauth's flows with our own words, fields and addresses."""
