"""The gateway is killed in the middle of turns; another start goes on with them.

How soon is measured by `python -m benchmarks.faults`.
"""

import asyncio

from tests.faults.conftest import Shop
from tests.faults.crowd import (
    Customer,
    arrivals,
    chatting,
    leave,
    losses,
    taken,
    until,
    until_answered,
)

CUSTOMERS = 12


async def test_turns_of_a_killed_gateway_are_answered_after_the_restart(shop: Shop) -> None:
    customers = await arrivals([shop.address], CUSTOMERS)
    shop.fake.behave = "slow"
    await chatting(customers, 1)
    await until(lambda: taken(shop.database) == CUSTOMERS)
    await asyncio.to_thread(shop.gateway.kill)
    shop.fake.behave = "ok"
    await asyncio.to_thread(shop.gateway.start)
    await until_answered(customers, shop.database)
    await leave(customers)
    found = losses(customers, shop.database)
    assert found.none, found


async def test_who_waits_through_a_long_death_is_told_and_answered(shop: Shop) -> None:
    """The assistant is away as well: the customer is told by the next gateway."""
    customers = await arrivals([shop.address], 3)
    shop.fake.behave = "slow"
    await chatting(customers, 1)
    await until(lambda: taken(shop.database) == len(customers))
    await asyncio.to_thread(shop.gateway.kill)
    shop.fake.behave = "down"
    await asyncio.to_thread(shop.gateway.start)

    def told(one: Customer) -> bool:
        return any("taking longer" in message.text for message in one.shown(shop.database))

    await until(lambda: all(map(told, customers)))
    shop.fake.behave = "ok"
    await until_answered(customers, shop.database)
    await leave(customers)
    assert losses(customers, shop.database).none


async def test_killed_again_and_again_while_customers_chat(shop: Shop) -> None:
    customers = await arrivals([shop.address], CUSTOMERS)
    over = asyncio.Event()
    chats = asyncio.create_task(chatting(customers, 8, pause=0.5, until=over))
    for _ in range(3):
        await asyncio.sleep(1.5)
        await asyncio.to_thread(shop.gateway.kill)
        await asyncio.to_thread(shop.gateway.start)
    over.set()
    await chats
    await until_answered(customers, shop.database)
    await leave(customers)
    found = losses(customers, shop.database)
    assert found.messages >= CUSTOMERS * 8
    assert found.none, found
