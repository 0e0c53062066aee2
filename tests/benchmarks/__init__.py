"""Benchmarks: `python -m tests.benchmarks`. Figures beside goals; they never fail a build on time."""
