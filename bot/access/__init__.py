"""Access to the desk: who somebody is, how they prove it, and what their role may do."""
