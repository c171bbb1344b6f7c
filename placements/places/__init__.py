"""The place bank: which places there are, what they require, which are free."""
