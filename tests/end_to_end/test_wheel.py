"""The wheel, built and installed where the repository cannot be seen, does what the repository does."""

import shutil
import subprocess
import sys
import sysconfig
import zipfile
from functools import partial
from pathlib import Path

import pytest

from tests import commands
from tests.commands import objects

REPOSITORY = Path(__file__).parents[2]
PACKAGES = ("bot", "conversations", "migrations", "scoring")
#: a file of each kind that is no code
EXPECTED = (
    "bot/py.typed",
    "bot/sandbox/merchants.toml",
    "bot/sandbox/templates/authorize.html",
    "bot/static/chat.js",
    "bot/templates/chat.html",
    "conversations/locales/en.toml",
    "conversations/locales/vocabulary.toml",
    "conversations/locales/zh-Hant.toml",
    "conversations/py.typed",
    "migrations/alembic.ini",
    "migrations/env.py",
    "scoring/data/policy.json",
    "scoring/data/products.json",
    "scoring/data/scorecard.json",
    "scoring/examples/xiaoxia.json",
    "scoring/py.typed",
    "scoring/sources/weibo_errors.json",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=REPOSITORY, check=True, capture_output=True)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment with the wheel and, from ours, what it depends on."""
    uv = shutil.which("uv")
    if uv is None:
        pytest.skip("uv is not installed: pip install uv")
    home = tmp_path_factory.mktemp("elsewhere") / "venv"
    quietly = partial(subprocess.run, check=True, capture_output=True)
    quietly([uv, "venv", "--offline", "--python", sys.executable, home])
    programs = home / Path(sys.executable).parent.name
    python = programs / Path(sys.executable).name
    quietly([uv, "pip", "install", "--offline", "--no-deps", "--python", python, wheel])
    [own] = home.glob("**/site-packages")
    # a folder named here is searched, but the .pth files in it, which lead to the repository, are not read
    (own / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return programs


def test_every_file_of_the_packages_is_in_the_wheel_and_no_other(wheel: Path) -> None:
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}

    files = [file for package in PACKAGES for file in (REPOSITORY / package).rglob("*") if file.is_file()]
    there = {file.relative_to(REPOSITORY).as_posix() for file in files if "__pycache__" not in file.parts}
    assert inside == there
    assert set(EXPECTED) <= inside


def test_the_wheel_names_its_licence_and_its_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        about = {
            Path(name).name: opened.read(name).decode() for name in opened.namelist() if ".dist-info/" in name
        }

    assert "License-Expression: Apache-2.0" in about["METADATA"]
    assert "bangbang = bot.cli:main" in about["entry_points.txt"]
    assert "LICENSE" in about


def test_an_installed_wheel_answers_scores_chats_and_migrates(installed: Path, tmp_path: Path) -> None:
    run = partial(commands.run, tmp_path, command=installed / "bangbang")
    where = "import bot, scoring; print(bot.__file__, scoring.__file__)"
    found = commands.run(tmp_path, "-c", where, command=installed / Path(sys.executable).name)
    assert str(REPOSITORY / "bot") not in found.stdout
    example = Path(found.stdout.split()[1]).with_name("examples") / "xiaoxia.json"

    assert "bangbang" in run("--help").stdout
    [decision] = objects(run("score", example).stdout)
    chat = objects(run("chat", "--json", "--data", "mine").stdout)
    migrated = run("db", "upgrade", settings={"database_url": "sqlite+aiosqlite:///shop.db"})

    assert decision["limit"] == 10_000_000
    assert [line.get("key") for line in chat] == ["hello", "ask.consent", None]
    assert (migrated.returncode, (tmp_path / "shop.db").exists()) == (0, True)
