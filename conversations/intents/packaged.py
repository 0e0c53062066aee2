"""The packaged reader of intents, loaded with the first text it is asked about: a start does without it."""

from conversations.intents.intent import Intent


class Packaged:
    """Reads as `reader.load()` does."""

    def read(self, text: str) -> Intent | None:
        from conversations.intents import reader  # its weights need numpy, which takes 0.1 s to import

        return reader.load().read(text)
