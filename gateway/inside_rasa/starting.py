"""What is done to Rasa's process once it has loaded its model, before it serves anybody."""

from __future__ import annotations

from asyncio import AbstractEventLoop
from typing import Any

from sanic import Sanic

from casework.operating.log_lines import set_up_logs
from gateway.inside_rasa.actions_inside import ActionsInside
from gateway.inside_rasa.mends import mend


async def set_up(app: Sanic, loop: AbstractEventLoop) -> None:
    """Set Rasa's process up; what raises here ends it."""
    set_up_logs("rasa")
    mend()
    bring_in_actions(app.ctx.agent)


def bring_in_actions(agent: Any) -> None:
    """Run the actions in this process where the action endpoint names their package: `inside`."""
    endpoint = agent.action_endpoint
    if endpoint is None or "inside" not in endpoint.kwargs:
        return
    settings = dict(endpoint.kwargs)
    agent.action_endpoint = ActionsInside(settings.pop("inside"), url=endpoint.url, **settings)
    if agent.processor is not None:
        agent.processor.action_endpoint = agent.action_endpoint
