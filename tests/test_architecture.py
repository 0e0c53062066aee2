"""What the layer contracts cannot say: how large things may grow, and where libraries and words belong."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PRODUCT = ("bot", "conversations", "migrations", "scoring")
LONGEST_FILE = 400
LONGEST_TEST_FILE = 600  #: a table of cases is looked up, not read through
LONGEST_BODY = 50

#: a library, and the only places that may import it
PLACES = {
    "telegram": ("bot/telegram/",),
    "aiohttp.web": ("bot/",),
    "aiohttp_sse": ("bot/desk/live.py", "bot/webchat/stream.py"),
    "alembic": ("bot/database.py", "migrations/"),
    "sqlmodel": (
        "conversations/tables.py",
        "conversations/tables_access.py",
        "conversations/tables_desk.py",
        "conversations/tables_group.py",
    ),
    "sqlalchemy": (
        "conversations/tables.py",
        "conversations/tables_access.py",
        "conversations/append_only.py",
        "conversations/tables_desk.py",
        "conversations/tables_group.py",
        "conversations/store/",
        "conversations/turns.py",  # names the connection that its transactions are given
        "conversations/taking.py",  # the same
        "migrations/",
        "bot/access/",  # names the connection, as turns does
        "bot/desk/",  # the same
        "bot/telegram/group/",  # the same
        "bot/database.py",  # brings the schema up to date
        "bot/delivery.py",  # names the connection, as turns does
        "bot/health.py",  # the same
        "bot/housekeeping.py",  # the same
        "bot/timekeeping.py",  # the same
        "bot/sqlite_copies.py",  # reads the database's address
        "bot/postgres_copies.py",  # the same
    ),
    "jinja2": ("bot/pages.py", "bot/sandbox/pages.py", "scoring/evaluation/report.py"),
    "cryptography": ("bot/signing.py",),
    "argon2": ("bot/access/passwords.py",),
    "pyotp": ("bot/access/totp.py",),
    "segno": ("bot/access/pictures.py",),
    "typer": ("bot/cli.py", "bot/model_commands.py", "bot/desk_commands.py"),
    "pickle": (),  # loading one runs whatever is in it
    "joblib": (),
    "requests": (),
    "unittest.mock": (),
}

#: where Chinese in code is read, not said; every sentence for people is in conversations/locales
READ_NOT_SAID = {
    "conversations/amounts.py": "numbers and units as people write them",
    "conversations/numerals.py": "numbers as people write them",
    "conversations/answers.py": "dates as people write them",
    "conversations/naming.py": "numbers in front of what they count",
    "conversations/several.py": "the same",
    "conversations/clauses.py": "what ends a clause",
    "conversations/seasons.py": "months and shares as people write them",
    "conversations/months.py": "months as people write them",
    "conversations/periods.py": "what a figure is said for",
    "conversations/vocabulary.py": "what stands between words",
    "conversations/findable.py": "the range of characters that are cut into pairs",
    "conversations/accounts.py": "the name in the phrase that shows ownership",
    "conversations/guard/folding.py": "between which characters a space says nothing",
    "conversations/locales/derive.py": "characters that are converted",
}
HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class Module:
    file: Path

    @property
    def name(self) -> str:
        return self.file.relative_to(ROOT).as_posix()

    @cached_property
    def text(self) -> str:
        return self.file.read_text("utf-8")

    @property
    def length(self) -> int:
        return self.text.count("\n")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def imports(self) -> Iterator[str]:
        """Every imported name in full: `from a import b` is `a.b`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)

    def bodies(self) -> Iterator[tuple[str, int]]:
        """Every function and the lines of its body without the docstring."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = node.body[bool(ast.get_docstring(node)) and len(node.body) > 1]
                yield node.name, (node.body[-1].end_lineno or 0) - first.lineno + 1

    def literals(self) -> Iterator[str]:
        """Every string that is no docstring."""
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        told = {
            id(node.body[0].value)
            for node in ast.walk(self.tree)
            if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
                yield node.value


def modules(*folders: str) -> list[Module]:
    return [Module(file) for folder in folders for file in sorted((ROOT / folder).rglob("*.py"))]


CODE = modules(*PRODUCT)
ALL = CODE + modules("tests")
TEMPLATES = sorted((ROOT / "bot").rglob("*.html"))


def test_every_module_says_what_it_is_for() -> None:
    assert [module.name for module in ALL if module.text.strip() and not ast.get_docstring(module.tree)] == []


def test_no_file_is_too_long_to_read() -> None:
    assert {module.name: module.length for module in CODE if module.length > LONGEST_FILE} == {}
    assert {module.name: module.length for module in ALL if module.length > LONGEST_TEST_FILE} == {}


def test_no_function_is_too_long_to_read() -> None:
    """A migration is a list of columns, and not changed once it is out."""
    read = [module for module in ALL if not module.name.startswith("migrations/versions/")]

    assert {f"{m.name}:{f}": n for m in read for f, n in m.bodies() if n > LONGEST_BODY} == {}


def test_no_module_is_named_after_nothing() -> None:
    empty = re.compile(r"(^|_)(utils?|helpers?|managers?|common|constants|misc|impl)$")

    assert [module.name for module in ALL if empty.search(module.file.stem)] == []


@pytest.mark.parametrize("library", PLACES)
def test_a_library_is_imported_only_in_its_place(library: str) -> None:
    known = re.compile(rf"{re.escape(library)}(\.|$)")

    users = {module.name for module in CODE for name in module.imports() if known.match(name)}

    assert {name for name in users if not name.startswith(PLACES[library])} == set()


@pytest.mark.parametrize("library", PLACES)
def test_every_place_given_to_a_library_uses_it(library: str) -> None:
    known = re.compile(rf"{re.escape(library)}(\.|$)")

    users = [module.name for module in CODE for name in module.imports() if known.match(name)]

    assert [place for place in PLACES[library] if not any(name.startswith(place) for name in users)] == []


def test_no_sentence_for_people_is_in_the_conversation_s_code() -> None:
    said = {m.name for m in modules("conversations") for text in m.literals() if HAN.search(text)}

    assert said - set(READ_NOT_SAID) == set()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.name)
def test_a_template_escapes_everything_and_holds_no_code_or_style(template: Path) -> None:
    page = template.read_text("utf-8")

    assert re.findall(r"\|\s*safe\b|Markup|autoescape", page) == []
    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\bstyle=|\son[a-z]+\s*=|javascript:", page) == []


def test_no_code_marks_markup_as_safe() -> None:
    assert [
        m.name for m in CODE for name in m.imports() if name in ("markupsafe.Markup", "jinja2.Markup")
    ] == []
