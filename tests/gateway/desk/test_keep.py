"""Keep as test: an agent corrects what a reply should be, and takes the file along."""

import html
import re
from pathlib import Path

from casework.people.audit import audit_entries
from tests.conversations.reader import read
from tests.conversations.schema import Conversation
from tests.gateway.desk.agent import DeskAgent
from tests.gateway.site import Site
from tests.gateway.visitor import Visitor


def kept(kim: DeskAgent, conversation: str, folder: Path, **fields: str) -> Conversation:
    answer = kim.post(f"/desk/conversations/{conversation}/keep", **fields)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/yaml")
    name = re.search(r'filename="(kept-\w+\.yml)"', answer.headers["content-disposition"])
    assert name
    file = folder / name[1]
    file.write_bytes(answer.content)
    [one] = read(file)
    return one


def steps(conversation: Conversation) -> list[tuple[str, object]]:
    return [(one.kind, one.value) for one in conversation.steps if one.kind != "database"]


def test_a_reply_is_corrected_and_the_file_downloaded(
    site: Site, kim: DeskAgent, visitor: Visitor, conversation: str, tmp_path: Path
) -> None:
    visitor.send("I am jo.doe@mail.example: where is it?")
    visitor.wait_for("You said: I am")
    path = f"/desk/conversations/{conversation}"
    assert f"{path}/keep" in kim.page(path)
    page = html.unescape(kim.page(f"{path}/keep"))
    assert "jo.doe" not in page
    assert "- user: 'I am customer1@example.com: where is it?'" in page
    field = re.search(r'name="(parts-\d+)"', page)
    assert field
    corrected = {field[1]: "your order number\n\njo.doe@mail.example", "name": "Order, please: one"}
    one = kept(kim, conversation, tmp_path, **corrected)
    assert one.name == "Order, please: one"
    assert steps(one) == [
        ("user", "I am customer1@example.com: where is it?"),
        ("bot_contains", ("your order number", "customer1@example.com")),
    ]
    emptied = kept(kim, conversation, tmp_path, **{field[1]: " "})
    assert [kind for kind, _ in steps(emptied)] == ["user"]
    with site.database.read() as session:
        noted = [one for one in audit_entries(session) if one.act == "kept_as_test"]
    assert {(one.actor, one.subject) for one in noted} == {("agent:kim", conversation)}


def test_looking_changes_nothing(
    site: Site, kim: DeskAgent, visitor: Visitor, conversation: str
) -> None:
    visitor.send("hello there")
    visitor.wait_for("You said: hello there")
    path = f"/desk/conversations/{conversation}/keep"
    shown = kim.post(path, **{"as": "preview", "name": "my <name>"})
    assert "test_case: my <name>" in html.unescape(shown.text)
    with site.database.read() as session:
        about = [one.act for one in audit_entries(session) if one.subject == conversation]
    assert about == []


def test_what_a_person_said_is_not_in_it(
    kim: DeskAgent, visitor: Visitor, conversation: str, tmp_path: Path
) -> None:
    visitor.send("first words")
    visitor.wait_for("You said: first words")
    kim.handle(conversation, "take_over")
    kim.write(conversation, "I am Kim, call me.")
    visitor.send("words for Kim")
    visitor.wait_for("words for Kim")
    page = kim.page(f"/desk/conversations/{conversation}/keep")
    file = page[page.index("kept-file") :]
    assert "first words" in file
    assert "Kim" not in file
    assert "A person took over after the last step" in file


def test_nothing_to_keep_and_nobody_else(
    site: Site, kim: DeskAgent, visitor: Visitor, conversation: str
) -> None:
    path = f"/desk/conversations/{conversation}/keep"
    assert kim.client.get(path).status_code == 422
    assert kim.client.get("/desk/conversations/nothing/keep").status_code == 404
    assert kim.client.post(path, data={}, headers=kim.headers).status_code == 403
    assert visitor.client.get(path, follow_redirects=False).status_code == 303
