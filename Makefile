.PHONY: install check test format lint types layers locales features diagram run wheel

install:
	uv sync --frozen

check: format lint types layers locales features diagram test

format:
	uv run ruff format --check .

lint:
	uv run ruff check .

types:
	uv run mypy

layers:
	uv run lint-imports --no-cache

# The Traditional files must be what the Simplified ones give.
locales:
	uv run python -m conversations.locales.derive
	git diff --exit-code -- conversations/locales

# The table of social figures is documented from itself.
features:
	uv run python -m scoring.social.documentation --check

# The conversation is drawn from the table of its steps.
diagram:
	uv run python -m conversations.diagram --check

test:
	uv run pytest

run:
	uv run bangbang demo

wheel:
	uv build --wheel
