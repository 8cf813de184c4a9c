"""Writing with a customer: one agent at a time, and everybody knows who speaks."""

from casework.people.audit import audit_entries
from tests.gateway.desk.agent import DeskAgent
from tests.gateway.site import Site
from tests.gateway.visitor import Visitor


def test_the_whole_way_of_a_handover(
    site: Site, kim: DeskAgent, visitor: Visitor, conversation: str
) -> None:
    assert kim.write(conversation, "Hello").status_code == 409
    assert kim.handle(conversation, "take_over").status_code == 303
    visitor.wait_for("Kim from our team has joined")
    assert kim.write(conversation, "Hello, this is Kim.").status_code == 204
    assert "Kim" in visitor.wait_for("this is Kim")[-1].data
    before = len(site.fake.heard)
    visitor.send("Hi Kim!")
    assert "Hi Kim!" in kim.page(f"/desk/conversations/{conversation}")
    assert len(site.fake.heard) == before
    back = kim.handle(conversation, "hand_back", agreed="A new chair by Friday.")
    assert back.status_code == 303
    visitor.wait_for("A new chair by Friday.")
    visitor.send("And my order?")
    visitor.wait_for("You said: And my order?")
    assert kim.write(conversation, "Still me").status_code == 409


def test_of_two_agents_the_second_hears_who_was_first(
    site: Site, kim: DeskAgent, lena: DeskAgent, conversation: str
) -> None:
    assert kim.handle(conversation, "take_over").status_code == 303
    lost = lena.handle(conversation, "take_over")
    assert lost.status_code == 409
    assert "Kim has this chat already" in lost.text
    assert kim.handle(conversation, "transfer", to="lena").status_code == 303
    assert kim.write(conversation, "One more thing").status_code == 409
    assert lena.write(conversation, "I am Lena").status_code == 204
    assert conversation in lena.page("/desk?view=mine")
    assert lena.handle(conversation, "leave").status_code == 303
    assert conversation in kim.page("/desk?needs=handoff")


def test_an_unknown_conversation_or_act_is_refused(kim: DeskAgent, conversation: str) -> None:
    assert kim.client.get("/desk/conversations/nothing").status_code == 404
    assert kim.handle("nothing", "take_over").status_code == 404
    assert kim.handle(conversation, "steal").status_code == 400
    assert kim.handle(conversation, "take_over").status_code == 303
    assert kim.handle(conversation, "transfer", to="nobody").status_code == 422
    kim.handle(conversation, "leave")


def test_a_message_sent_again_is_one_message(
    site: Site, kim: DeskAgent, visitor: Visitor, conversation: str
) -> None:
    kim.handle(conversation, "take_over")
    path = f"/desk/conversations/{conversation}/messages"
    for _ in range(3):
        sent = kim.post(path, **{"text": "Only once.", "as": "reply", "id": "a-key-of-16-signs"})
        assert sent.status_code == 204
    assert [text for _, text in visitor.messages()].count("Only once.") == 1
    with site.database.read() as session:
        noted = audit_entries(session, subject=conversation, act="reply_written")
    assert len(noted) == 1
