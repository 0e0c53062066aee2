"""A stand-in for Weibo with invented people: same addresses, shapes, errors and limits, on its own port."""
