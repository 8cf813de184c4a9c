"""Tells which clauses say nothing about what a customer wants.

Formal messages carry a reference, a greeting, anger and an empty demand ("kindly do the needful")
around the one clause that matters.
"""

from __future__ import annotations

import re

from language.text import MASKED_EMAIL, MASKED_NUMBER

_PLEASE = r"(?:(?:please|kindly|and|so|just|i|we|also) )*"
_SOON = (
    r"(?: (?:as soon as possible|asap|a\.s\.a\.p|soon|urgently|immediately|now|today|quickly|"
    r"promptly|at once|right away|at the earliest|without (?:further )?delay|on priority))*"
)
_THIS = (
    r"(?: (?:this|it|that|same|the same|this (?:matter|issue|problem|for me)|"
    r"the (?:matter|issue)))?"
)
_WHAT_IS_WANTED = (
    r"(?:resolution|solution|response|reply|answer|help|assistance|action|intervention|attention)"
)
_IDLE = tuple(
    rf"{_PLEASE}(?:{words}){_SOON}"
    for words in (
        # Reference lines.
        rf"(?:(?:my|our|your|the|for|re|ref|reference|subject|attn|order|purchase|po|invoice|account|"
        rf"customer|tracking|confirmation|id|no|nr|num|number|is|in|email|e-mail|{MASKED_EMAIL})"
        rf"[\s:.#]*)*(?:{MASKED_NUMBER}|{MASKED_EMAIL})|re|ref|attn|subject|reference|no",
        # Greetings and closings.
        r"(?:hi|hello|hey|dear|greetings|good (?:morning|afternoon|evening|day))"
        r"(?:[ /](?:there|all|team|sirs?|madam|or|and|folks|support|everyone|guys|customer|"
        r"service))*",
        r"to whom it may concern",
        r"(?:thanks|thank you)(?: (?:so much|very much|in advance|a lot|again))*",
        r"(?:(?:kind|best|warm) )?regards|yours (?:truly|faithfully|sincerely)",
        # Anger at nothing.
        r"(?:this|it|that|which)(?:'s| is) (?:(?:so|just|very|really|totally|completely|absolutely|"
        r"simply|beyond|truly) )*(?:unacceptable|ridiculous|outrageous|frustrating|annoying|not ok|"
        r"not okay|not acceptable|a joke|a disgrace|disappointing|absurd|unbelievable)",
        r"(?:unacceptable|ridiculous|outrageous|disappointed|unbelievable)",
        r"(?:i'm|i am|we're|we are)(?: (?:so|very|really|extremely|quite|not|at all))* "
        r"(?:upset|disappointed|frustrated|angry|annoyed|furious|unhappy|happy|pleased|amused)",
        # Empty demands.
        rf"(?:help|assist|advise|resolve|rectify|respond|reply|fix|sort|solve|handle|act|confirm)"
        rf"(?: me| us)?{_THIS}(?: out)?",
        rf"(?:look into|take care of|deal with|act on|attend to|see to){_THIS}",
        r"do (?:the )?needful|do something(?: about (?:it|this))?|make (?:it|this) right|"
        r"take action|sort (?:it|this) out|help me out|can you help(?: me)?|let me know|advise me",
        rf"(?:need|want|expect|await|awaiting|waiting for|hoping for|require|request)"
        r"(?: (?:a|an|your|some|the|prompt|quick|immediate|urgent|fast|proper))*"
        rf" {_WHAT_IS_WANTED}",
        r"(?:looking|look) forward to (?:hearing from you|your (?:reply|response))",
        r"can (?:you|someone|anyone|somebody) (?:please )?help(?: me)?",
        r"(?:treat|mark) (?:this )?as urgent|urgent",
    )
)
_IDLE_CLAUSE = re.compile(rf"(?:{'|'.join(_IDLE)})")
_MARKS = " ,.:;!?-–—()\"'#"


def is_idle(clause: str) -> bool:
    """Tell whether a readable clause says nothing of what its customer wants."""
    bare = clause.strip(_MARKS)
    return not bare or bool(_IDLE_CLAUSE.fullmatch(bare))
