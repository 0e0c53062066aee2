"""What a program is told on its command line, and how it says that it listens."""

import os
import socket
import sys
from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path

TOKEN = "42:TEST"
SECRET = "a_webhook_secret_of_the_load"
PATH = "/telegram/webhook"


@dataclass(frozen=True)
class Told:
    """`api` is the Bot API's address, `folder` a place to store in, `users` how many to begin with."""

    api: str
    folder: Path
    core: int
    variant: str
    users: int
    profile: Path | None


def told() -> Told:
    """Read the command line, and stay on the core that it names."""
    parser = ArgumentParser()
    parser.add_argument("--api", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--core", type=int, required=True)
    parser.add_argument("--variant", default="")
    parser.add_argument("--users", type=int, default=0)
    parser.add_argument("--profile", type=Path)
    given = Told(**vars(parser.parse_args()))
    os.sched_setaffinity(0, {given.core})
    return given


def listening() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0), backlog=512)


def say_ready(port: int) -> None:
    sys.stdout.write(f"listening {port}\n")
    sys.stdout.flush()
