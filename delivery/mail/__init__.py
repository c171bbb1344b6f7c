"""How mail leaves the house: the kinds of mail, and the two ways out (a mail server; the demo's folder)."""
