"""Invented merchants with a declared truth: their answers, their accounts and what became of the loan."""
