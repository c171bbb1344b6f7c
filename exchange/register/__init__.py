"""The register: a whole record in and out as files, after docs/register-format.md.

columns     which files and columns there are: what checks, load and export are made from
reading     files and workbooks to rows of text, safe against hostile ones
staging     each cell checked on its own and copied to temporary tables
loading     the rules between cells, rows and what is stored, then the storing, in set-based SQL
exporting   the way out
report      what is told about a load
"""
