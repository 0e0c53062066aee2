"""Channels and processes: Telegram, web chat, terminal, Weibo sandbox, and the command that runs them."""
