"""A stand-in for Weibo with invented people: same addresses, shapes, errors and limits, on a port of its own.

`server.application(config)` builds it, `server.start(host, port, config)` serves it, and
`merchants.snapshot(key, at)` gives what a lender would have read of an account without any server.
"""
