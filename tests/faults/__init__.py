"""The product as real processes and what can go wrong around them. `python -m tests.faults` runs it all.

A Bot API, merchants and a Weibo live in the test's own process and outlive every kill. Whatever is done to
the product, the facts of `tests.faults.facts` hold over its database and over what the merchants saw.
"""
