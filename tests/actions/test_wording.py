"""The few forms of wording that must not be missed, or taken for what they are not."""

import pytest

from actions import wording

YES = """\
yes
Yes please
ok
sure, thanks
go
go on
just go ahead
Go ahead!
yep do it
ok cool
oh, it's all right as it is, go ahead
yes, and there is also 20177, it came back to you
that's not an answer but ok go
whatever, do it
right, that's everything. send it off
please just submit that now
Very well. Yes, please go ahead, and thank you.
yes, please pass it on
fine then go ahead""".splitlines()

NO_YES = """\
Go back
go away
Go to a real person please
ok stop
yes wait
ok, hold on
please don’t go ahead
Don't go ahead
do not go ahead
should I go ahead
if you must, go ahead
what happens if I say go ahead
I was told to just go
ok so email or only here
yes if it costs me nothing
sure but how long
ok but only the lamp
yea no
yeah, no thanks
yes and no
yeah right
let me send it in
and I have to send it
who told you to send it
yes but only if I get all my money back
whatever you think
don't send it in""".splitlines()


@pytest.mark.parametrize("text", YES)
def test_a_yes(text: str) -> None:
    assert wording.says_yes(text)


@pytest.mark.parametrize("text", NO_YES)
def test_no_yes(text: str) -> None:
    assert not wording.says_yes(text)


@pytest.mark.parametrize(
    "text",
    [
        "yeah do it. who decides that?",
        "Yes, go ahead! How long does it take?",
        "ok do it\n\nand when do i hear from you",
        "fine. YES do it. but i want my money if you cant find it",
    ],
)
def test_a_yes_before_more(text: str) -> None:
    assert wording.yes_before_more(text)


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "ok. but wait, how much is it?",
        "yes it is broken. what now?",
        "fine. so i pay for shipping it back too?",
        "ok. what happens if I say yes?",
        "no. why?",
        "yes. but only if it is free",
        "yes. that is not what I want",
        "yes? hello?",
        "no. don't. send it",
    ],
)
def test_no_yes_before_more(text: str) -> None:
    assert not wording.yes_before_more(text)


@pytest.mark.parametrize("text", ["no", "Nope.", "Don’t", "dont do that", "not yet"])
def test_a_no(text: str) -> None:
    assert wording.says_no(text)


@pytest.mark.parametrize(
    "text", ["cancel it!!!", "ok cancel", "please cancel my order 10480", "yes cancel it please"]
)
def test_the_order_is_to_be_canceled(text: str) -> None:
    assert wording.cancels_the_order(text)


@pytest.mark.parametrize(
    "text",
    [
        "cancel the cancellation",
        "cancel that, I want to keep the order",
        "cancel my request please",
    ],
)
def test_something_else_is_to_be_canceled(text: str) -> None:
    assert not wording.cancels_the_order(text)


@pytest.mark.parametrize(
    "text",
    [
        "how long",
        "ok and when?",
        "is that final",
        "do you have it",
        "can i get a new one",
        "order 10511 george.bell@example.com why was it declined",
        "no hold on. who decides that",
        "what. no. i just want to know if it is on there",
        "actually does the chat save this",
    ],
)
def test_a_question(text: str) -> None:
    assert wording.asks(text)


@pytest.mark.parametrize(
    "text",
    ["do it", "do that", "the lamp is cracked", "will pay", "this is not what is on the picture"],
)
def test_no_question(text: str) -> None:
    assert not wording.asks(text)


@pytest.mark.parametrize(
    "text",
    [
        "From: UPS <noreply@ups.com> Subject: Your package. We regret that it was destroyed.",
        "From: UPS\nSubject: Delivery exception\nYour package could not be delivered",
        "Dear customer, your parcel has been destroyed in our hub.",
        "UPS wrote: we are sorry to tell you that the parcel was destroyed",
        "they said “we cannot deliver this parcel, it was destroyed”",
    ],
)
def test_somebody_elses_words(text: str) -> None:
    assert wording.is_forwarded(text)


@pytest.mark.parametrize(
    "text",
    [
        "My email: bob@example.com and the zip is 90012",
        "To clarify: my order is 10482",
        "Date it arrived: March 3",
        "the box says fragile: it was crushed",
    ],
)
def test_the_customers_own_words(text: str) -> None:
    assert not wording.is_forwarded(text)


@pytest.mark.parametrize(
    "text",
    [
        "get me a human",
        "nothing to photograph because it NEVER CAME. Stop asking. Get me a human",
        "already said no. talk to a person",
        "I need to speak with a manager",
    ],
)
def test_a_person_is_wanted(text: str) -> None:
    assert wording.wants_person(text)


@pytest.mark.parametrize(
    "text",
    ["I don't want to talk to a person", "what does the person say", "how do I talk to a person"],
)
def test_no_person_is_wanted(text: str) -> None:
    assert not wording.wants_person(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("I'd like the refund. also do you charge a fee?", "I'd like the refund. "),
        ("Why did it go back? How much is it to send it again?", ""),
        ("it is broken! could you send a new one?", "it is broken! could you send a new one?"),
    ],
)
def test_what_is_told_beside_a_question(text: str, told: str) -> None:
    assert wording.without_questions(text) == told


@pytest.mark.parametrize(
    "text",
    ["yes but only if I get all of it", "a new one, unless that costs me", "ok if it is free"],
)
def test_a_condition(text: str) -> None:
    assert wording.makes_a_condition(text)


@pytest.mark.parametrize("text", ["and if it ends up back with you?", "yes go ahead"])
def test_no_condition(text: str) -> None:
    assert not wording.makes_a_condition(text)


@pytest.mark.parametrize("text", ["whatever you think is best", "up to you", "you decide"])
def test_left_to_us(text: str) -> None:
    assert wording.leaves_it_to_us(text)


def test_a_letter_that_is_there_and_one_that_is_not() -> None:
    assert wording.has_letter("all I have is an e-mail from UPS")
    assert not wording.has_letter("i didn’t even get an email from you")


@pytest.mark.parametrize(
    "text",
    [
        "just tell the person it's unopened",
        "please let them know that I called twice",
        "put down that it is also the spring",
        "add that I bought two by mistake",
        "for the record: the driver said so",
    ],
)
def test_what_is_to_be_passed_on(text: str) -> None:
    assert wording.asks_to_note(text)


@pytest.mark.parametrize("text", ["send it in", "put it through", "what did you write down", "yes"])
def test_what_is_no_note(text: str) -> None:
    assert not wording.asks_to_note(text)


@pytest.mark.parametrize(
    "text",
    [
        "if they say no I'd take the money",
        "refund only if they refuse a new one",
        "failing that, my money back",
    ],
)
def test_a_second_choice(text: str) -> None:
    assert wording.is_fallback(text)


@pytest.mark.parametrize("text", ["what if they say no?", "I want a new one", "if it is free"])
def test_no_second_choice(text: str) -> None:
    assert not wording.is_fallback(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("I don't think it understands me. Could a person help me please", True),
        ("can someone real talk to me? let me speak to an agent", True),
        ("could you help me", False),
        ("what can a person do that you cannot", False),
    ],
)
def test_whether_a_person_is_wanted(text: str, wanted: bool) -> None:
    assert wording.wants_person(text) == wanted
