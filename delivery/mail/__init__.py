"""How mail leaves the house: a mail server, or the demo's folder (`delivery.mail_kinds` tells what is sent)."""
