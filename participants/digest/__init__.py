"""The daily digest: how much waits in Min dag, by mail, without a name."""
