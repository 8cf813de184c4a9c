"""The web application: its routes, and what starts and stops with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from casework.canned.replies import canned_replies
from casework.outgoing.channels import channels
from casework.storage.database import Database
from gateway.chat import routes as chat
from gateway.chat import uploads
from gateway.delivery.assistant import Assistant
from gateway.delivery.dispatch import Dispatcher
from gateway.delivery.news import bring_news
from gateway.delivery.outgoing import Outgoing
from gateway.desk import routes as desk
from gateway.edges import api, webhook
from gateway.operating.metrics import Timed
from gateway.operating.routes import routes as operating
from gateway.settings import Settings
from gateway.web.assets import Assets
from gateway.web.limits import RateLimits
from gateway.web.rendering import build_environment
from gateway.web.running import Gateway, gateway_of
from gateway.web.secret_files import secret
from gateway.web.security import Guard

FORM_LIMIT = 64 * 1024


def create_app(
    settings: Settings, database: Database, *, assistant: Assistant | None = None
) -> Starlette:
    """Build the web on a database that is up to date.

    Raises `AssetsMissingError` where the front-end packages were not fetched, `CaseworkError` where
    a setting of what goes out, or a canned reply, cannot be used, `SettingsError` for a limit.
    """
    canned_replies()
    assets = Assets()
    gateway = Gateway(
        settings=settings,
        database=database,
        assistant=assistant or Assistant(settings),
        assets=assets,
        templates=build_environment(assets),
        limits=RateLimits(settings.redis_url, enabled=settings.rate_limits, chosen=settings.limits),
        csrf_key=secret(settings.var, "csrf-key"),
    )
    dispatcher = Dispatcher(gateway)
    gateway.serve = dispatcher.serve
    outgoing = Outgoing(database, channels())

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await gateway.in_thread(lambda: uploads.tidy(gateway))
        dispatcher.start()
        outgoing.start()
        news = asyncio.create_task(bring_news(database, gateway.wakeups))
        yield
        news.cancel()
        await outgoing.stop()
        await dispatcher.stop()
        await gateway.assistant.close()

    app = Starlette(
        routes=[
            *chat.ROUTES,
            *desk.ROUTES,
            *webhook.ROUTES,
            *api.ROUTES,
            Route("/static/{name}", assets.serve),
            *operating(gateway),
        ],
        middleware=[Middleware(Timed), Middleware(Guard, settings=settings)],
        exception_handlers={HTTPException: refuse, 404: refuse, 500: break_down},
        lifespan=lifespan,
        max_body_size=FORM_LIMIT,
    )
    app.state.gateway = gateway
    return app


async def refuse(request: Request, error: Exception) -> Response:
    """Answer an error in one plain sentence: JSON for scripts, a small page otherwise."""
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if "x-csrf-token" in request.headers or request.url.path.startswith("/api/"):
        return JSONResponse({"error": error.detail}, error.status_code, headers)
    at_desk = request.url.path.startswith("/desk")
    back = ("/desk", "Back to the queue") if at_desk else ("/chat", "Open the chat")
    template = gateway_of(request).templates.get_template("error.html")
    return HTMLResponse(
        template.render(message=error.detail, back=back), error.status_code, headers
    )


async def break_down(request: Request, error: Exception) -> Response:
    """Answer what nobody foresaw, without a word about its inside."""
    message = "Something went wrong on our side. Please try again in a moment."
    return JSONResponse({"error": message}, 500)
