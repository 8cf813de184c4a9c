"""Brings customers' messages to the assistant, in order, and its answers back; loses none."""

from __future__ import annotations

import asyncio
import logging

from casework.turns import Turn, conversations_to_serve
from gateway.delivery import posting
from gateway.delivery.assistant import Answer, AssistantDownError, AssistantFailedError
from gateway.web.running import Gateway, now

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 1.0
GRACE_SECONDS = 1.0


class Dispatcher:
    """One worker a conversation while it has open turns, and a sweep for what was left behind."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._database = gateway.database
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._called: set[str] = set()
        self._sweeper: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to sweep: messages of an earlier run, or of a gateway that died, are answered."""
        self._sweeper = asyncio.create_task(self._sweep())

    async def stop(self) -> None:
        """Stop at once; whatever is under way is taken up by the next run."""
        tasks = [*self._workers.values(), *([self._sweeper] if self._sweeper else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def serve(self, conversation_id: str) -> None:
        """See to the conversation's open turns, after whatever is being done for it already."""
        if conversation_id in self._workers:
            self._called.add(conversation_id)
            return
        task = asyncio.create_task(self._work(conversation_id))
        self._workers[conversation_id] = task
        task.add_done_callback(lambda _: self._workers.pop(conversation_id, None))

    async def _sweep(self) -> None:
        while True:
            try:
                for conversation_id in await self._gateway.in_thread(self._left):
                    self.serve(conversation_id)
            except Exception:
                logger.exception("the sweep for open turns failed")
            await asyncio.sleep(SWEEP_SECONDS)

    def _left(self) -> list[str]:
        with self._database.read() as session:
            return conversations_to_serve(session, now())

    async def _work(self, conversation_id: str) -> None:
        going = True
        while going:
            self._called.discard(conversation_id)
            try:
                going = await self._serve_next(conversation_id)
            except Exception:
                logger.exception("conversation %s: a turn could not be served", conversation_id)
                going = False
            going = going or conversation_id in self._called

    async def _serve_next(self, conversation_id: str) -> bool:
        """Serve the oldest open turn that is free; False where there is none."""
        turn = await self._gateway.in_thread(lambda: posting.take(self._database, conversation_id))
        if turn is None:
            return False
        self._gateway.wakeups.wake(conversation_id)
        question = asyncio.create_task(self._ask(turn))
        try:
            await self._excuse_if_slow(turn, question)
            answer = await question
        except AssistantDownError as down:
            logger.warning("turn %s: the assistant is down (%s)", turn.message_id, down)
            await self._gateway.in_thread(lambda: posting.put_off(self._database, turn))
        except AssistantFailedError as failed:
            logger.warning("turn %s: the assistant failed (%s)", turn.message_id, failed)
            await self._gateway.in_thread(lambda: posting.note_failure(self._database, turn))
        else:
            said = answer.said
            await self._gateway.in_thread(lambda: posting.keep_answer(self._database, turn, said))
        finally:
            question.cancel()
        self._gateway.wakeups.wake(conversation_id)
        return True

    async def _ask(self, turn: Turn) -> Answer:
        return await self._gateway.assistant.ask(
            turn.conversation_id,
            str(turn.message_id),
            turn.message.text,
            again=turn.tries > 1,
            event="handed_back" if turn.message.author == "system" else None,
        )

    async def _excuse_if_slow(self, turn: Turn, question: asyncio.Task[Answer]) -> None:
        """Wait for the answer as long as a customer may be kept without a word, then say it."""
        slow_after = self._gateway.settings.slow_after
        waited = (now() - turn.message.created_at).total_seconds()
        done, _ = await asyncio.wait({question}, timeout=max(GRACE_SECONDS, slow_after - waited))
        failed = bool(done) and question.exception() is not None
        if turn.excused or (done and not (failed and waited >= slow_after)):
            return
        await self._gateway.in_thread(lambda: posting.excuse(self._database, turn))
        self._gateway.wakeups.wake(turn.conversation_id)
