"""Brings customers' messages to the assistant, in order, and its answers back; loses none."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from casework.conversations.turns import HOLD, Taken, conversations_to_serve
from casework.operating.log_lines import about
from gateway.delivery import posting
from gateway.delivery.assistant import Answer, AssistantDownError, AssistantFailedError
from gateway.web.measures import ANSWER_SECONDS, ASSISTANT_SECONDS, TROUBLES
from gateway.web.running import Gateway, now

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 1.0
GRACE_SECONDS = 1.0
# Often enough that one beat may fail before a turn counts as left behind.
BEAT_SECONDS = HOLD.total_seconds() / 3
_KNOWN = 10_000


class Dispatcher:
    """One worker a conversation while it has open turns, and a sweep for what was left behind."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._database = gateway.database
        self._workers: dict[str, asyncio.Task[None]] = {}
        # Who is to be seen to, each with the turn that was taken for them last.
        self._called: dict[str, Taken | None] = {}
        # The turns that this process waits for an answer to, and since when by its own clock.
        self._held: dict[int, Taken] = {}
        self._since: dict[int, float] = {}
        self._beating = asyncio.Lock()
        self._always: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to sweep: messages of an earlier run, or of a gateway that died, are answered."""
        self._always = [
            asyncio.create_task(_over_and_over(self._sweep, SWEEP_SECONDS)),
            asyncio.create_task(_over_and_over(self._beat, BEAT_SECONDS)),
        ]

    async def stop(self) -> None:
        """Stop at once; whatever is under way is taken up by the next run."""
        tasks = [*self._workers.values(), *self._always]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def serve(self, conversation_id: str, taken: Taken | None = None) -> None:
        """See to the conversation's open turns, after whatever is being done for it already.

        `taken`: a turn of it that was taken for this gateway.
        """
        # Of several, the others were taken anew when their time had run out.
        self._called[conversation_id] = taken or self._called.get(conversation_id)
        if conversation_id not in self._workers:
            self._workers[conversation_id] = asyncio.create_task(self._work(conversation_id))

    async def _sweep(self) -> None:
        if len(self._since) > _KNOWN:  # turns that other gateways answered in the end
            self._since.clear()
        for conversation_id in await self._gateway.in_thread(self._left):
            self.serve(conversation_id)

    async def _beat(self) -> None:
        """Hold on to what takes long; most turns are answered before their first beat."""
        started = asyncio.get_running_loop().time() - BEAT_SECONDS
        async with self._beating:
            long = [one for key, one in self._held.items() if self._since.get(key, 0) <= started]
            if long:
                await self._gateway.in_thread(lambda: posting.keep_on(self._database, long))

    def _left(self) -> list[str]:
        with self._database.read() as session:
            return conversations_to_serve(session, now())

    async def _work(self, conversation_id: str) -> None:
        try:
            while conversation_id in self._called:
                taken = self._called.pop(conversation_id)
                try:
                    turn = taken or await self._take(conversation_id)
                    while turn is not None:
                        turn = await self._serve_one(turn)
                except Exception:
                    logger.exception("conversation %s: a turn could not be served", conversation_id)
        finally:
            del self._workers[conversation_id]

    async def _take(self, conversation_id: str) -> Taken | None:
        return await self._gateway.in_thread(lambda: posting.take(self._database, conversation_id))

    async def _serve_one(self, turn: Taken) -> Taken | None:
        """Bring one turn to the assistant and keep what came of it; the next one, if there is."""
        with about(turn.conversation_id, turn.message_id):
            return await self._answer(turn)

    async def _answer(self, turn: Taken) -> Taken | None:
        self._held[turn.message_id] = turn
        self._since.setdefault(turn.message_id, asyncio.get_running_loop().time())
        question = asyncio.create_task(self._ask(turn))
        try:
            await self._excuse_if_slow(turn, question)
            answer = await question
        except AssistantDownError as down:
            logger.warning("the assistant is down (%s)", down)
            TROUBLES.labels("down").inc()
            await self._let_go(turn)
            await self._gateway.in_thread(lambda: posting.put_off(self._database, turn))
        except AssistantFailedError as failed:
            logger.warning("the assistant failed (%s)", failed)
            TROUBLES.labels("failed").inc()
            await self._let_go(turn)
            await self._gateway.in_thread(lambda: posting.note_failure(self._database, turn))
        else:
            said = answer.said
            kept, then = await self._gateway.in_thread(
                lambda: posting.keep_answer(self._database, turn, said)
            )
            self._since.pop(turn.message_id, None)
            if kept:
                _note_answer(turn, answer)
            return then
        finally:
            question.cancel()
            self._held.pop(turn.message_id, None)
            self._gateway.wakeups.wake(turn.conversation_id)
        return await self._take(turn.conversation_id)

    async def _let_go(self, turn: Taken) -> None:
        """Hold the turn no more; not even a beat that is under way will, once this returns."""
        self._held.pop(turn.message_id, None)
        async with self._beating:
            pass

    async def _ask(self, turn: Taken) -> Answer:
        return await self._gateway.assistant.ask(
            turn.conversation_id,
            str(turn.message_id),
            turn.text,
            again=turn.tries > 1,
            event="handed_back" if turn.author == "system" else None,
        )

    async def _excuse_if_slow(self, turn: Taken, question: asyncio.Task[Answer]) -> None:
        """Wait for the answer as long as a customer may be kept without a word, then say it."""
        slow_after = self._gateway.settings.slow_after
        moment = asyncio.get_running_loop().time()
        tried = moment - self._since.get(turn.message_id, moment)
        # The clock on the wall may have been set back since the message came.
        waited = max(tried, _waited(turn))
        done, _ = await asyncio.wait({question}, timeout=max(GRACE_SECONDS, slow_after - waited))
        failed = bool(done) and question.exception() is not None
        if turn.excused or (done and not (failed and waited >= slow_after)):
            return
        await self._gateway.in_thread(lambda: posting.excuse(self._database, turn))
        self._gateway.wakeups.wake(turn.conversation_id)


def _note_answer(turn: Taken, answer: Answer) -> None:
    waited = _waited(turn)
    logger.info("answered", extra={"milliseconds": round(waited * 1000)})
    ANSWER_SECONDS.observe(waited)
    ASSISTANT_SECONDS.observe(answer.milliseconds / 1000)
    if not answer.said:
        TROUBLES.labels("silent").inc()


def _waited(turn: Taken) -> float:
    """For how many seconds the customer has waited."""
    return float((now() - turn.created_at).total_seconds())


async def _over_and_over(work: Callable[[], Awaitable[None]], seconds: float) -> None:
    while True:
        try:
            await work()
        except Exception:
            logger.exception("turns could not be looked after")
        await asyncio.sleep(seconds)
