"""Serves the web with uvicorn."""

from __future__ import annotations

import os
import sys
from dataclasses import replace

import uvicorn

from casework.operating.log_lines import set_up_logs
from casework.people.duty import duty
from casework.queue.queue import fill
from casework.storage.database import Database
from gateway.app import create_app
from gateway.settings import Settings, read_settings
from gateway.start.sample_account import close_sample_account
from gateway.web.assets import AssetsMissingError
from gateway.web.secret_files import secret


def serve() -> int:
    """Serve until stopped; the database is brought up to date first."""
    settings = read_settings()
    if not settings.token:
        settings = replace(settings, token=secret(settings.var, "gateway-token"))
    set_up_logs("gateway")
    duty()  # a setting nobody can read is said at the start, not to a customer
    database = Database()
    database.migrate()
    with database.begin() as session:
        fill(session)
    close_sample_account(settings, database)
    try:
        app = create_app(settings, database)
    except AssetsMissingError as missing:
        print(missing, file=sys.stderr)
        return 2
    uvicorn.Server(configuration(app, settings)).run()
    return 0


def configuration(app: object, settings: Settings) -> uvicorn.Config:
    """How uvicorn serves us: no web sockets, no access log, proxies only where they are named."""
    proxies = os.environ.get("FORWARDED_ALLOW_IPS")
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        host=settings.host,
        port=settings.port,
        ws="none",
        access_log=False,
        log_level="warning",
        log_config=None,  # ours
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        timeout_graceful_shutdown=3,
        limit_concurrency=4000,  # a stream is one: some pages of each customer may be open
    )
