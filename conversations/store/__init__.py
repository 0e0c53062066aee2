"""What is kept, and the only place that speaks SQL; a body handed to `Store.write` is one transaction."""

from conversations.store.database import Contended, Store
from conversations.store.message import Contact, Message

__all__ = ["Contact", "Contended", "Message", "Store"]
