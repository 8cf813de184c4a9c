"""The gateway is killed in the middle of turns; another start goes on with them at once."""

import asyncio
import time

from tests.faults.conftest import Shop
from tests.faults.crowd import arrivals, chatting, leave, losses, taken, until_answered

CUSTOMERS = 12
# What customers are promised: an answer within so many seconds of the restart.
ANSWERED_WITHIN = 10


async def test_turns_of_a_killed_gateway_are_answered_soon_after_the_restart(shop: Shop) -> None:
    customers = await arrivals([shop.address], CUSTOMERS)
    shop.fake.behave = "slow"
    await chatting(customers, 1)
    while taken(shop.database) < CUSTOMERS:
        await asyncio.sleep(0.05)
    await asyncio.to_thread(shop.gateway.kill)
    shop.fake.behave = "ok"
    await asyncio.to_thread(shop.gateway.start)
    await until_answered(customers, shop.database, ANSWERED_WITHIN)
    await leave(customers)
    found = losses(customers, shop.database)
    assert found.none, found


async def test_who_waits_through_a_long_death_is_told_and_answered(shop: Shop) -> None:
    """The assistant is away as well: the customer is told by the next gateway, within 10 s."""
    customers = await arrivals([shop.address], 3)
    shop.fake.behave = "slow"
    await chatting(customers, 1)
    while taken(shop.database) < 3:
        await asyncio.sleep(0.05)
    await asyncio.to_thread(shop.gateway.kill)
    shop.fake.behave = "down"
    await asyncio.to_thread(shop.gateway.start)
    end = time.monotonic() + ANSWERED_WITHIN
    while not all(
        any("taking longer" in message.text for message in one.shown(shop.database))
        for one in customers
    ):
        assert time.monotonic() < end
        await asyncio.sleep(0.1)
    shop.fake.behave = "ok"
    await until_answered(customers, shop.database)
    await leave(customers)
    assert losses(customers, shop.database).none


async def test_killed_again_and_again_while_customers_chat(shop: Shop) -> None:
    customers = await arrivals([shop.address], CUSTOMERS)
    chats = asyncio.create_task(chatting(customers, 8, pause=0.5))
    kills = 0
    while not chats.done():
        await asyncio.sleep(1.5)
        await asyncio.to_thread(shop.gateway.kill)
        await asyncio.to_thread(shop.gateway.start)
        kills += 1
    await chats
    await until_answered(customers, shop.database)
    await leave(customers)
    found = losses(customers, shop.database)
    assert kills >= 2
    assert found.messages == CUSTOMERS * 8
    assert found.none, found
