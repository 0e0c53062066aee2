"""What the desk reads and notes beside the conversations themselves; it never changes a conversation."""
