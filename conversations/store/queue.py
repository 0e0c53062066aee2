"""Procrastinate's queue in PostgreSQL, in a schema of its own: work is put there in the turn's transaction.

The row in `jobs` stays the truth about the work; an entry here only says that it waits for a worker, and
holds no more than two numbers. What is deferred twice is done once.
"""

from collections.abc import Collection
from importlib import resources
from typing import Any

from sqlalchemy import Connection, Table, event, text
from sqlalchemy.engine import make_url

from conversations.tables import JOBS

SCHEMA = "procrastinate"
QUEUE = "conversations"
TASK = "work"

_INSTALLED = text("SELECT to_regnamespace('procrastinate') IS NOT NULL")
#: whoever calls a function need not know where its tables are
_FIND_TABLES = """
DO $$
DECLARE
    called regprocedure;
BEGIN
    FOR called IN SELECT oid FROM pg_proc WHERE pronamespace = 'procrastinate'::regnamespace LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = procrastinate, pg_temp', called);
    END LOOP;
END;
$$
"""
_DEFER = text("""
SELECT procrastinate.procrastinate_defer_jobs_v1(array_agg(ROW(
    'conversations', 'work', 0, jobs.session_id, NULL, jsonb_build_object('job', jobs.id), NULL
)::procrastinate.procrastinate_job_to_defer_v1 ORDER BY jobs.id))
FROM jobs WHERE jobs.id = :job
""")
_ADOPT = text("""
SELECT procrastinate.procrastinate_defer_jobs_v1(array_agg(ROW(
    'conversations', 'work', 0, jobs.session_id, NULL, jsonb_build_object('job', jobs.id), NULL
)::procrastinate.procrastinate_job_to_defer_v1 ORDER BY jobs.id))
FROM jobs WHERE jobs.state IN ('queued', 'running') AND NOT EXISTS (
    SELECT FROM procrastinate.procrastinate_jobs AS entry
    WHERE entry.queue_name = 'conversations' AND entry.status IN ('todo', 'doing')
        AND entry.args ->> 'job' = CAST(jobs.id AS text)
)
""")
_RESCUE = text("""
SELECT procrastinate.procrastinate_retry_job_v2(stalled.id, now(), NULL, NULL, NULL) FROM (
    SELECT job.id FROM procrastinate.procrastinate_jobs AS job
    LEFT JOIN procrastinate.procrastinate_workers AS worker ON worker.id = job.worker_id
    WHERE job.status = 'doing' AND (
        worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => :silent)
    )
    FOR UPDATE OF job SKIP LOCKED
) AS stalled
""")
_MISLAID = text("""
SELECT entry.id FROM procrastinate.procrastinate_jobs AS entry
WHERE entry.status = 'doing' AND entry.worker_id = :worker
    AND CAST(entry.args ->> 'job' AS bigint) <> ALL (CAST(:held AS bigint[]))
""")
_FREE = text("""
SELECT procrastinate.procrastinate_retry_job_v2(mislaid.id, now(), NULL, NULL, NULL) FROM (
    SELECT entry.id FROM procrastinate.procrastinate_jobs AS entry
    WHERE entry.status = 'doing' AND entry.worker_id = :worker
        AND entry.id = ANY (CAST(:entries AS bigint[]))
    FOR UPDATE SKIP LOCKED
) AS mislaid
""")


def install(connection: Connection) -> None:
    """Create what Procrastinate 3.10 needs, unless it is there already."""
    if connection.execute(_INSTALLED).scalar_one():
        return
    script = resources.files(__package__).joinpath("procrastinate_3_10.sql").read_text()
    before = connection.execute(text("SELECT current_setting('search_path')")).scalar_one()
    path = text("SELECT set_config('search_path', :path, true)")
    connection.execute(text("CREATE SCHEMA procrastinate"))
    connection.execute(path, {"path": SCHEMA})
    # one statement, because a prepared one may hold no more
    _run(connection, f"DO $run$ BEGIN EXECUTE $script${script}$script$; END $run$")
    _run(connection, _FIND_TABLES)
    connection.execute(path, {"path": before})


def remove(connection: Connection) -> None:
    connection.execute(text("DROP SCHEMA IF EXISTS procrastinate CASCADE"))


def reached(url: str) -> dict[str, str]:
    """What libpq needs to know to reach the database of a URL of the store."""
    parsed = make_url(url)
    given = {**parsed.query, "user": parsed.username, "password": parsed.password, "dbname": parsed.database}
    if parsed.host:
        given["host"] = parsed.host
    if parsed.port:
        given["port"] = str(parsed.port)
    if "ssl" in given:  # asyncpg's name for it
        given["sslmode"] = given.pop("ssl")
    return {name: value for name, value in given.items() if isinstance(value, str)}


def defer(connection: Connection, job: int) -> None:
    """Let a worker take this work after the commit, and after all earlier work of its conversation."""
    connection.execute(_DEFER, {"job": job})


def tidy(connection: Connection, silent: float) -> None:
    """Let others take the work of workers silent for so many seconds, and all that waits outside the queue.

    One statement each, so that what somebody has just taken up is not taken from them. Work outside the queue
    was left by a release that had none.
    """
    connection.execute(_RESCUE, {"silent": silent})
    connection.execute(_ADOPT)


def mislaid(connection: Connection, worker: int, held: Collection[int]) -> set[int]:
    """Entries that stand in this worker's name while it works on none but the jobs it holds.

    So they stand when PostgreSQL went away between giving work out and hearing what became of it.
    """
    found = connection.execute(_MISLAID, {"worker": worker, "held": list(held)})
    return set(found.scalars())


def free(connection: Connection, worker: int, entries: Collection[int]) -> None:
    """Let any worker take what was mislaid."""
    connection.execute(_FREE, {"worker": worker, "entries": list(entries)})


@event.listens_for(JOBS, "after_create")
def _with_the_table(_table: Table, connection: Connection, **_: Any) -> None:
    if connection.dialect.name == "postgresql":
        install(connection)


def _run(connection: Connection, script: str) -> None:
    connection.execute(text(script.replace(":", r"\:")))  # no colon here is a parameter
