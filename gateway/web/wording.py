"""What the web itself says to customers; everything about rights, money and dates is the core's."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from casework.shop import policy_in_force

SHOP = "AlliedOfficeProducts"
PICTURES_SENT = "I have sent the pictures."
WANT_PERSON = "I want to talk to a person."

GREETING = (
    f"Hi! I'm the automated after-sales assistant of {SHOP}: a program, not a person.\n"
    "I can help with orders that are late, damaged, faulty or no longer wanted, explain our return "
    "and refund policy, and take your pictures. What happened?"
)
FIRST_REPLIES = (
    "Something arrived damaged",
    "It doesn't work",
    "I want to return something",
    "Where is my order?",
    "I want to cancel my order",
)

OUTCOMES = {
    "entitled": "Yours under our policy",
    "need_facts": "Details still missing",
    "need_evidence": "Waiting for your pictures",
    "seller_decides": "Our team decides",
    "declined": "Declined",
    "not_available": "Not available for this order",
    "contact_us": "Please contact us",
    "dispute": "Our team settles this with you",
}

STATES = {
    "entitled": "Under way",
    "need_facts": "Waiting for you",
    "need_evidence": "Waiting for you",
    "seller_decides": "With our team",
    "contact_us": "With our team",
    "dispute": "With our team",
}


def files_sent(pictures: int, documents: int) -> str:
    """What a customer says by sending files, as the assistant was taught to read it."""
    papers = {0: "", 1: "a document"}.get(documents, "documents")
    if not papers:
        return PICTURES_SENT
    return f"I have sent pictures and {papers}." if pictures else f"I have sent {papers}."


def phone() -> str:
    """The shop's phone number, from the policy in force."""
    return str(policy_in_force().contact.phone)


def email() -> str | None:
    """The shop's e-mail address, where the policy in force has one."""
    address = policy_in_force().contact.email
    return str(address) if address else None


def zone() -> ZoneInfo:
    """The shop's time zone, from the policy in force."""
    return policy_in_force().zone


def slow() -> str:
    """Said once when an answer takes long: the message is kept, and there is a phone."""
    return (
        "This is taking longer than usual. Your message is saved, and so is anything you add: "
        f"I'll answer right here as soon as I can. If you'd rather not wait, call {phone()}."
    )


def failed() -> str:
    """Said when the assistant could not manage a message."""
    return (
        "Sorry, something went wrong on our side and I couldn't work on that message. "
        f"Please try putting it another way, or call {phone()}."
    )


def no_room() -> str:
    """Said when a file could not be kept."""
    return (
        "We can't take files just now; the rest of the chat works. Please add it again later, or "
        f"call {phone()}."
    )
