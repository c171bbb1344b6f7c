"""Places that employers offer in the public form, and what becomes of each. Nothing counts before it is reviewed."""
