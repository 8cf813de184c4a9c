"""An e-mail to a customer, ready to send."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.case import Case
from casework.orders.order import Order
from casework.outgoing.channels import MailServer
from casework.outgoing.outbox import Notice
from casework.shop import policy_in_force


def address_of(session: Session, notice: Notice) -> str:
    """Return the e-mail address on the order, as it is now: the outbox itself keeps none."""
    wanted = select(Order.email).join(Case, Case.order_id == Order.id)
    address: str = session.scalars(wanted.where(Case.number == notice.subject)).one()
    return address


def compose(notice: Notice, address: str, server: MailServer) -> EmailMessage:
    """Return the notice's letter with greeting, the link back and the phone.

    The Message-ID stays the same however often it is sent, so that a mailbox can tell.

    Raises:
        ValueError, email.errors.MessageError: the address is none.
    """
    letter, contact = notice.payload["letter"], policy_in_force().contact
    by_mail = f", or write to {contact.email}," if contact.email else ""
    back = [
        f"You can see it and go on in our chat: {server.link}",
        f"Or call {contact.phone}{by_mail} and mention {notice.subject}.",
        "AlliedOfficeProducts\nThis message was written by a program.",
    ]
    sender = Address(addr_spec=server.sender)
    message = EmailMessage()
    message["Subject"] = letter["subject"]
    message["From"] = Address("AlliedOfficeProducts", addr_spec=server.sender)
    message["To"] = Address(addr_spec=address)
    message["Date"] = format_datetime(notice.created_at)
    message["Message-ID"] = f"<{notice.key.replace(':', '.')}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"  # asks holiday replies to stay away (RFC 3834)
    message.set_content("\n\n".join(["Hello,", *letter["paragraphs"], *back]) + "\n")
    return message
