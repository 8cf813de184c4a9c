"""The assistant's actions inside Rasa's process: the same code, the same executor, no HTTP.

Actions use the database synchronously: they run one at a time on a thread of their own, as in an
action server of one worker, and Rasa goes on with other conversations meanwhile. What goes in is
copied and what comes out passes through JSON, as over the wire: an action can change nothing of
Rasa's.
"""

from __future__ import annotations

import asyncio
import json as wire
import logging
import marshal
import threading
from typing import Any

from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

logger = logging.getLogger(__name__)


class ActionsInside(EndpointConfig):  # type: ignore[misc]
    """An action endpoint whose requests never leave the process."""

    def __init__(self, package: str, **settings: Any) -> None:
        """Load the actions of `package`; `settings` are the endpoint's own."""
        super().__init__(**settings)
        self._executor = ActionExecutor()
        self._executor.register_package(package)
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="actions", daemon=True).start()

    async def request(self, *_: Any, json: dict[str, Any], **__: Any) -> Any:
        """Run the action of one call; raises `ClientResponseError` as an action server answers."""
        asked = _copied(json)
        work = asyncio.run_coroutine_threadsafe(self._answer(asked), self._loop)
        status, answer = await asyncio.wrap_future(work)
        if status != 200:
            raise ClientResponseError(status, "the action was not run", answer)
        return wire.loads(answer)

    async def _answer(self, asked: Any) -> tuple[int, str]:
        try:
            return 200, wire.dumps(await self._executor.run(asked))
        except ActionExecutionRejection as refusal:
            status, error, name = 400, refusal.message, refusal.action_name
        except ActionNotFoundException as missing:
            status, error, name = 404, missing.message, missing.action_name
        except Exception:
            logger.exception("an action failed")
            status, error, name = 500, "the action failed", ""
        return status, wire.dumps({"error": error, "action_name": name})


def _copied(asked: dict[str, Any]) -> Any:
    """A copy of a whole call; of plain values marshal makes it in a fiftieth of JSON's time."""
    try:
        return marshal.loads(marshal.dumps(asked))
    except ValueError:  # such as a slot's value that YAML read as a kind of list of its own
        return wire.loads(wire.dumps(asked))
