"""What is no answer to the open question: commands in plain words and questions back, each answered first."""

from datetime import datetime

from conversations import commands, prompts
from conversations.asking import ask_again
from conversations.session import Session, Turn
from conversations.vocabulary import Vocabulary


def aside(session: Session, text: str, at: datetime, words: Vocabulary) -> Turn | None:
    """A command in plain words or a question: answered, then the open question again; else None."""
    if command := words.command(text):
        return commands.run(session, command, at)
    match words.question(text):
        case None:
            return None
        case "why":
            return commands.why(session, "", at)
        case topic:
            return ask_again(session, prompts.say(f"about.{topic}"))
