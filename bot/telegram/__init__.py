"""The Telegram channel: python-telegram-bot carries the bytes, everything that decides is our own.

`channel.Telegram` is what the composition root builds; no other package imports `telegram`.
"""
