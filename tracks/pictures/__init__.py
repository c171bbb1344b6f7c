"""Pictures of job tracks as our own SVG: the staircase with people on it, how people move along, how long it takes.

Only geometry and words are worked out here, in the units of each picture's view box; colours are classes of
static/css/track_pictures.css. What a picture shows is said beside it in words or as a table as well.
"""
