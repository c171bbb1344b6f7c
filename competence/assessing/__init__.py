"""The assessment (kompetensunderlag) of a placement at one of its stages: written, signed, reviewed, corrected; the
levels of language that were graded beside it."""
