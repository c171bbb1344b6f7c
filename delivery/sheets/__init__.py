"""Tables as files that people open in a spreadsheet, in which nothing that somebody wrote becomes a formula."""
