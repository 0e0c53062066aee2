"""Working from a Telegram supergroup: a topic for each merchant who needs a person.

`supergroup` talks to it, `mirror` tells there what happens, `colleagues` does what is written there.
"""
