"""The application and the server around it: start, faults at the connection, a clean stop."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from uvicorn.protocols.http.h11_impl import H11Protocol

from simulator import content, control, desk, handset, rest, whatsapp_control
from simulator.environment import Environment
from simulator.mail import control as mail_control
from simulator.mail import pages as mail_pages
from simulator.mail import post
from simulator.world import World

STATIC = Path(__file__).parent / "static"


class Connection(H11Protocol):
    """Lets a request reach its own connection, so that a fault can cut it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.app_state = {**self.app_state, "transport": transport}
        super().connection_made(transport)


class Server(uvicorn.Server):
    """Before it waits for open requests, it ends those that would never end by themselves."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        application: Any = self.config.app
        world: World = application.state.world
        world.live.close()
        world.holds.release()
        await super().shutdown(sockets)


def application(environment: Environment) -> Starlette:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        world = app.state.world = World(environment)
        work = [asyncio.create_task(each) for each in (world.delivery.run(), world.postman.run(), post.watch(world))]
        yield
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        await world.close()

    files = Mount("/static", StaticFiles(directory=STATIC), name="static")
    apis = [*rest.ROUTES, *content.ROUTES, *control.ROUTES, *whatsapp_control.ROUTES, *mail_control.ROUTES]
    pages = [*handset.ROUTES, *mail_pages.ROUTES, *desk.ROUTES]
    return Starlette(routes=[*apis, *pages, files], lifespan=lifespan)


def serve(environment: Environment) -> None:
    """Blocks until SIGTERM or SIGINT; what still runs after a second is cut off."""
    config = uvicorn.Config(
        application(environment),
        host=environment.host,
        port=environment.port,
        http=Connection,
        ws="none",
        loop="asyncio",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    with suppress(KeyboardInterrupt):  # the server has stopped by then, and raises it once more
        Server(config).run()
