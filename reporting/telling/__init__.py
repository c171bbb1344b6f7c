"""How figures are told: as plain data in words (`statement`), and from there on page, in charts and in files.

Nothing here asks the database. What is told years later of a frozen report is told by the same code.
"""
