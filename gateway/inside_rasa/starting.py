"""What is done to Rasa's process once it has loaded its model, before it serves anybody."""

from __future__ import annotations

from asyncio import AbstractEventLoop

from sanic import Sanic

from gateway.inside_rasa.mends import mend


async def set_up(app: Sanic, loop: AbstractEventLoop) -> None:
    """Set Rasa's process up; what raises here ends it."""
    mend()
