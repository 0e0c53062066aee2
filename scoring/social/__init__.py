"""Figures made of a merchant's social accounts: declared in `table`, measured from a view of each account."""
