"""A thousand chats for an hour against one real process: what it costs, how quick it stays, how it ends."""
