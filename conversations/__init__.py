"""The conversation: what is asked, how answers are understood, and how every turn is kept."""
