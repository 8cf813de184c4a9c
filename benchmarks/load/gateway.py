"""What a message costs the gateway, with an assistant that answers at once and costs nothing.

The figures are the processor's time of the gateway's process alone: what Rasa, the customers and
other work on the machine do meanwhile is not in them.
"""

from __future__ import annotations

import asyncio
import secrets
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from aiohttp import web

from benchmarks.figures import show
from benchmarks.load.customers import OnTheWebsite
from benchmarks.load.systems import Running, free_port, started
from casework.storage.database import Database
from gateway.settings import PROJECT, Settings

# What assistants say most: a text, now and then with quick replies or a card.
SAID: tuple[list[dict[str, Any]], ...] = (
    [{"text": "I'm sorry about that. What is your order number?\nYou find it in our e-mail."}],
    [{"text": "Shall I open a return for you?", "buttons": [{"title": "Yes"}, {"title": "No"}]}],
    [{"text": "You can send it back within 30 days of its arrival. " * 4}],
    [
        {"text": "Thank you. Here is where your case stands."},
        {
            "custom": {
                "card": {
                    "case_number": "AOP-R-6C3K-9HWX",
                    "title": "You get a refund",
                    "status": "open",
                    "lines": [{"label": "Order", "value": "300000"}] * 4,
                }
            }
        },
    ],
)


def measure(crowds: list[int], messages: int) -> None:
    """Let so many customers at once say so many messages in all, and print."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        asyncio.run(_measure(Path(folder), stack, crowds, messages))


async def _measure(folder: Path, stack: ExitStack, crowds: list[int], messages: int) -> None:
    worker = await _worker()
    port = free_port()
    database = Database(f"sqlite:///{folder / 'casework.db'}")
    database.migrate()
    database.close()
    address = f"http://127.0.0.1:{port}"
    more = {
        "DATABASE_URL": f"sqlite:///{folder / 'casework.db'}",
        "GATEWAY_VAR": str(folder),
        "GATEWAY_PORT": str(port),
        "GATEWAY_RASA_URL": worker,
        "GATEWAY_TOKEN": secrets.token_hex(16),
        "GATEWAY_RATE_LIMITS": "off",
    }
    command = [sys.executable, "-m", "gateway", "serve"]
    up = started(command, PROJECT, more, f"{address}/health", folder / "gateway.log")
    process, seconds = await asyncio.to_thread(stack.enter_context, up)
    system = Running(address, process, seconds, Settings())
    await _row(system, 4, 200)  # warm up
    rows = [await _row(system, size, messages) for size in crowds]
    show("gateway", rows, "CPU: the processor's ms of the gateway.")


async def _row(system: Running, size: int, messages: int) -> dict[str, Any]:
    crowd = [OnTheWebsite(system.address) for _ in range(size)]
    each = max(1, messages // size)
    start = system.processor()["gateway"]
    await asyncio.gather(*(one.begin() for one in crowd))
    opened = system.processor()["gateway"]
    await asyncio.gather(*(_talk(one, each) for one in crowd))
    talked = system.processor()["gateway"]
    await asyncio.gather(*(one.leave() for one in crowd))
    return {
        "": f"{size} customers",
        "messages": each * size,
        "CPU an opening": (opened - start) * 1000 / size,
        "CPU a message": (talked - opened) * 1000 / (each * size),
    }


async def _talk(customer: OnTheWebsite, messages: int) -> None:
    for number in range(messages):
        await customer.say(f"message {number} about my order, please")


async def _worker() -> str:
    """Start an assistant of a few fixed answers in this process; returns its address."""
    port, count = free_port(), 0

    async def ready(request: web.Request) -> web.Response:
        return web.json_response({"ready": True})

    async def answer(request: web.Request) -> web.Response:
        nonlocal count
        count += 1
        return web.json_response({"messages": SAID[count % len(SAID)], "milliseconds": 1.0})

    app = web.Application()
    app.router.add_get("/webhooks/gateway/", ready)
    app.router.add_post("/webhooks/gateway/webhook", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return f"http://127.0.0.1:{port}"
