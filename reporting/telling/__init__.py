"""How figures are told: from plain data in words (`reporting.statement`) on page, in charts and in files.

Nothing here asks the database. What is told years later of a frozen report is told by the same code.
"""
