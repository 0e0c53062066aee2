"""The decision: from answers and social accounts to grade, limit, offers and their reasons."""
