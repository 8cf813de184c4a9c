"""Where customers come from: a network, kept with the conversation as a hash."""

import pytest

from casework.conversations.conversation import Conversation
from gateway.web.networks import network_of
from tests.gateway.site import Site
from tests.gateway.visitor import Visitor

KEY = "a key of this installation"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("203.0.113.9", "203.0.113.200"),
        ("203.0.113.9", "::ffff:203.0.113.7"),
        ("2001:db8:1:2::3", "2001:db8:1:ffff::9"),
    ],
)
def test_neighbors_are_one_network(one: str, other: str) -> None:
    assert network_of(one, KEY) == network_of(other, KEY)


def test_others_are_not_and_the_hash_is_this_installations() -> None:
    addresses = ("203.0.113.9", "203.0.114.9", "2001:db8:1::1", "2001:db8:2::1")
    hashes = {network_of(one, KEY) for one in addresses}
    assert len(hashes) == len(addresses)
    assert network_of(addresses[0], "another key") not in hashes


@pytest.mark.parametrize("address", ["unknown", "", "testclient", "1.2.3", "::g"])
def test_what_is_no_address_has_no_network(address: str) -> None:
    assert network_of(address, KEY) is None


def test_a_conversation_keeps_its_network_and_no_address(site: Site, visitor: Visitor) -> None:
    with site.database.read() as session:
        kept = session.get(Conversation, visitor.conversation(site.database))
        assert kept
        assert kept.network == network_of("127.0.0.1", site.gateway.csrf_key)
