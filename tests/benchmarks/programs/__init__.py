"""The programs under test, a file each: started as processes, they say `listening PORT` and serve a webhook.

Each answers every update of a private chat through the Bot API it is told; none imports the load.
"""
