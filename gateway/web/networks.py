"""Where a customer comes from, as far as guessing is counted: a network, never an address."""

from __future__ import annotations

import hashlib
import hmac
from ipaddress import IPv6Address, ip_address, ip_network

# What one subscriber or one rented server usually commands.
IPV4_BITS, IPV6_BITS = 24, 48


def network_of(address: str, key: str) -> str | None:
    """The network of an address, as a keyed hash that tells nothing else; None for no address."""
    try:
        found = ip_address(address)
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    bits = IPV6_BITS if found.version == 6 else IPV4_BITS
    network = ip_network(f"{found}/{bits}", strict=False)
    return hmac.new(key.encode(), f"network:{network}".encode(), hashlib.sha256).hexdigest()
