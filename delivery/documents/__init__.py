"""How a document is made: HTML and a style sheet become a PDF that is archived (PDF/A) and read aloud (PDF/UA)."""
