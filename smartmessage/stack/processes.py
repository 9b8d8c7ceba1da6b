"""The one list of the product's processes. The demo and the tests run it; a test holds docker-compose.yml to it."""

from collections.abc import Mapping
from dataclasses import dataclass

from smartmessage.stack.data import DataDir
from smartmessage.stack.ports import LOOPBACK, free_port
from smartmessage.stack.programs import StartError

Command = tuple[str, ...]

# Before the others: migrates as the tables' owner, and gives the application's role its rights. Repeatable.
PREPARE: Command = ("python", "manage.py", "prepare_database")
SEED: Command = ("python", "manage.py", "seed_demo")


@dataclass(frozen=True)
class Ports:
    """Where the three processes that have a port listen."""

    web: int = 8000
    live: int = 8001
    simulator: int = 8002

    @classmethod
    def chosen(cls, given: Mapping[str, str]) -> "Ports":
        """Those of the environment; what it doesn't name has its default. Raises StartError for what is no number."""
        chosen = {port: given[name] for port, name in PORT_SETTINGS.items() if given.get(name)}
        for port, text in chosen.items():
            if not text.isdecimal():
                raise StartError(f"{PORT_SETTINGS[port]} is {text!r}; it must be a number.")
        return cls(**{port: int(text) for port, text in chosen.items()})

    @classmethod
    def free(cls) -> "Ports":
        return cls(web=free_port(), live=free_port(), simulator=free_port())


PORT_SETTINGS = {"web": "PORT", "live": "LIVE_PORT", "simulator": "SIMULATOR_PORT"}


def commands(ports: Ports, *, host: str = LOOPBACK, worker: str = "worker") -> dict[str, Command]:
    """Each process's command. `worker`: the name Celery knows it by, which no other on the same Redis may have."""
    return {
        "web": (
            *("granian", "--interface", "wsgi", "smartmessage.wsgi:application"),
            *("--host", host, "--port", str(ports.web), "--workers", "1", "--blocking-threads", "8"),
            *("--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "10"),
            *("--no-ws", "--log-level", "warning"),
        ),
        "live": (
            *("uvicorn", "smartmessage.live:application", "--host", host, "--port", str(ports.live)),
            *("--timeout-graceful-shutdown", "2", "--no-access-log", "--log-level", "warning"),
        ),
        "worker": (
            *("celery", "-A", "smartmessage", "worker", "--hostname", f"{worker}@%h"),
            *("--pool", "threads", "--concurrency", "16"),
            *("--without-gossip", "--without-mingle", "--loglevel", "WARNING"),
        ),
        "sweeper": ("python", "manage.py", "sweep"),
        "simulator": ("python", "-m", "simulator"),
    }


def environment(data_dir: DataDir, ports: Ports, given: Mapping[str, str]) -> dict[str, str]:
    """The settings of a demo or a test run, the same for all its processes. What was given stays."""
    web, live, simulator = (f"http://{LOOPBACK}:{port}" for port in (ports.web, ports.live, ports.simulator))
    defaults = {
        "DJANGO_SETTINGS_MODULE": "smartmessage.settings",
        "PYTHONUNBUFFERED": "1",
        "DEMO": "1",
        "DATA_DIR": str(data_dir.path),
        "SECRET_KEY": data_dir.secret("secret-key"),
        "PUBLIC_BASE_URL": web,
        "LIVE_URL": live,
        "TWILIO_ACCOUNT_SID": "ACdec0de00000000000000000000000001",
        "TWILIO_AUTH_TOKEN": "demo-auth-token",
        "TWILIO_API_BASE_URL": simulator,
    }
    settled = {name: str(getattr(ports, port)) for port, name in PORT_SETTINGS.items()}
    return defaults | dict(given) | settled
