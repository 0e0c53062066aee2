"""The bot, a merchant and two colleagues act at once, in any order, while time passes and processes die.

`python -m tests.interleavings 10000` runs so many schedules at random and prints a line of figures; a seed
runs the same acts again.
"""
