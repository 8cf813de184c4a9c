"""What the spaCy pipeline looks for: token patterns and phrases for spaCy's entity ruler.

The ruler takes the longest match first, so a number in context ("zip code 98101") wins over the
bare number.
"""

from __future__ import annotations

from typing import Any

Pattern = dict[str, Any]
Token = dict[str, Any]

PRODUCTS = (
    "3 hole punch, air purifier, armchair, backpack, ballpoint pen, battery, binder, bookcase, "
    "bookend, bookshelf, box, bulletin board, cabinet, cable, calculator, calendar, camera, "
    "cardboard box, cart, cartridge, chair, chair mat, clipboard, coffee maker, copier, "
    "copy paper, cork board, correction tape, cubicle panel, desk, desk lamp, desk mat, "
    "desk organizer, dock, docking station, document camera, drawer, dry erase board, "
    "dry erase marker, easel, envelope, eraser, ergonomic chair, extension cord, fan, "
    "file box, file cabinet, file folder, filing cabinet, flip chart, folder, folding table, "
    "footrest, fountain pen, gel pen, glue stick, guillotine, hard drive, headphones, headset, "
    "heater, highlighter, hole punch, hutch, index card, ink, ink cartridge, inkjet, keyboard, "
    "label, label maker, label printer, lamp, laminator, laptop, laptop stand, laser printer, "
    "letter opener, letter tray, light, magnet, mailer, marker, mat, microphone, monitor, "
    "monitor arm, monitor stand, mouse, mouse pad, mousepad, notebook, notepad, "
    "office chair, organizer, packing tape, pad, paper, paper clip, paper cutter, paper shredder, "
    "paper trimmer, partition, pen, pencil, pencil sharpener, phone, planner, postage scale, "
    "power bank, power strip, presenter, printer, printer paper, projector, projector screen, "
    "push pin, ring binder, router, rubber band, ruler, safe, scale, scanner, scissors, screen, "
    "sharpener, shelf, shelves, shredder, sign, sit stand desk, sofa, speaker, stamp, "
    "standing desk, stapler, staple, stapler remover, sticky note, stool, storage box, "
    "storage cabinet, surge protector, swivel chair, table, tablet, tape, tape dispenser, "
    "telephone, toner, toner cartridge, trash can, typewriter, usb cable, usb hub, usb stick, "
    "wall clock, water cooler, webcam, whiteboard, white board, whiteboard marker, "
    "wireless mouse, workstation, wrist rest, writing pad"
).split(", ")

EVIDENCE = {
    "photo": "photo, photos, foto, fotos, picture, pictures, pic, pics, image, images, snapshot, "
    "snapshots, photograph, photographs",
    "video": "video, videos, vid, vids, clip, footage, recording",
    "document": "document, documents, screenshot, screenshots, screen shot, screen shots, "
    "receipt, receipts, carrier letter, carrier report, damage report, letter from the carrier, "
    "tracking page, tracking printout, carrier notice, notice from the carrier, pdf, scan",
}

REMEDIES = {
    "refund": "refund, refunded, refunds, refunding, money back, cash back, reimburse, "
    "reimbursed, reimbursement, my money, give me back my money, credit me",
    "replacement": "replacement, replacements, replace, replaced, replacing, exchange, "
    "exchanged, exchanging, swap, swapped, new one, another one, brand new one, new unit, "
    "new chair, new printer, new desk",
    "redelivery": "redelivery, redeliver, redelivered, re-delivery, re-deliver, resend, resent, "
    "re-send, reship, re-ship, reshipped, reshipment, send it again, ship it again, "
    "deliver it again, send it out again, ship it out again, send again, ship again, "
    "send it once more, another delivery, second delivery, new delivery",
}

_MONTH = {
    "LOWER": {
        "REGEX": r"^(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|"
        r"sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?)\.?$"
    }
}
_DAY = {"LOWER": {"REGEX": r"^([12]?\d|3[01])(st|nd|rd|th)?$"}}
_ORDINAL = {"LOWER": {"REGEX": r"^([12]?\d|3[01])(st|nd|rd|th)$"}}
_YEAR = {"TEXT": {"REGEX": r"^20\d\d$"}}
_WEEKDAY = {
    "LOWER": {
        "REGEX": r"^(mon(day)?|tue(s(day)?)?|wed(nesday)?|thu(r(s(day)?)?)?|fri(day)?|"
        r"sat(urday)?|sun(day)?)\.?$"
    }
}
_UNIT = {"LOWER": {"REGEX": r"^(days?|weeks?|wks?|fortnights?|months?|years?|yrs?|hours?|hrs?)$"}}
_COUNT = {
    "LOWER": {
        "REGEX": r"^(\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
        r"thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|couple)$"
    }
}
_COMMA = {"TEXT": ",", "OP": "?"}
_DASH = {"TEXT": "-"}
_IS = {"LOWER": {"IN": ["is", "was", ":", "=", "it's", "code", "number", "no", "no."]}, "OP": "*"}
_NUMBER_WORD: Token = {"LOWER": {"IN": ["number", "num", "no", "no.", "nr", "id", "#", ":", "is"]}}
_STATES = (
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM "
    "NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC"
).split()


def _words(*words: str) -> list[Token]:
    return [{"LOWER": word} for word in words]


def _regex(pattern: str) -> Token:
    return {"LOWER": {"REGEX": pattern}}


def _order_numbers() -> list[list[Token]]:
    return [
        [_regex(r"^\d{5}$")],
        [_regex(r"^#?(aop)?-?\d{5}$")],
        [_regex(r"^#\d{4,8}$")],
        [{"TEXT": "#"}, _regex(r"^\d{4,8}$")],
        [{"TEXT": "#"}, _regex(r"^aop-?\d{4,8}$")],
        [_regex(r"^aop-?$"), {**_DASH, "OP": "?"}, {"TEXT": "#", "OP": "?"}, _regex(r"^\d{4,8}$")],
        [_regex(r"^aop-\d{4,8}$")],
        [
            _regex(r"^(order|ordr|oder|purchase|ord)$"),
            {**_NUMBER_WORD, "OP": "*"},
            _regex(r"^#?\d{4,8}$"),
        ],
    ]


def _zips() -> list[list[Token]]:
    code = _regex(r"^\d{5}$")
    return [
        [_regex(r"^\d{5}-\d{4}$")],
        [code, _DASH, _regex(r"^\d{4}$")],
        [_regex(r"^(zip|zipcode|postcode|postal)$"), _IS, code],
        [code, *_words("zip")],
        [code, *_words("zip", "code")],
        [{"TEXT": {"IN": _STATES}}, {"TEXT": ",", "OP": "?"}, code],
    ]


def _money() -> list[list[Token]]:
    amount = _regex(r"^\d[\d,]*(\.\d+)?$")
    return [
        [{"TEXT": "$"}, amount],
        [amount, {"TEXT": "$"}],
        [_regex(r"^us\$|usd$"), amount],
        [amount, _regex(r"^(dollars?|bucks?|usd)$")],
        [_regex(r"^\$\d[\d,]*(\.\d+)?$")],
    ]


def _dates() -> list[list[Token]]:
    part = _regex(r"^\d{1,2}$")
    ago = {"LOWER": {"IN": ["ago", "back", "earlier"]}}
    which = {"LOWER": {"IN": ["last", "this", "next", "past", "coming"]}}
    return [
        *(_words(*words.split()) for words in ("yesterday", "today", "tomorrow", "tonight")),
        *(_words("this", part_of_day) for part_of_day in ("morning", "afternoon", "evening")),
        _words("last", "night"),
        _words("day", "before", "yesterday"),
        _words("the", "day", "before", "yesterday"),
        _words("day", "after", "tomorrow"),
        [_COUNT, _UNIT, ago],
        [_COUNT, *_words("of"), _UNIT, ago],
        [*_words("a", "couple"), _UNIT, ago],
        [*_words("a", "couple", "of"), _UNIT, ago],
        [_WEEKDAY],
        [which, _WEEKDAY],
        [*_words("this", "past"), _WEEKDAY],
        [_WEEKDAY, *_words("last", "week")],
        [_WEEKDAY, *_words("of", "last", "week")],
        [*_words("last", "week"), _WEEKDAY],
        [*_words("last", "week", "on"), _WEEKDAY],
        [*_words("the"), _ORDINAL],
        [*_words("on", "the"), _ORDINAL],
        [_MONTH, _DAY],
        [_MONTH, *_words("the"), _ORDINAL],
        [_MONTH, _DAY, _COMMA, _YEAR],
        [_DAY, _MONTH],
        [_DAY, *_words("of"), _MONTH],
        [_DAY, _MONTH, _COMMA, _YEAR],
        [_DAY, *_words("of"), _MONTH, _COMMA, _YEAR],
        [_regex(r"^\d{4}-\d{1,2}-\d{1,2}$")],
        [_regex(r"^20\d\d$"), _DASH, part, _DASH, part],
        [_regex(r"^\d{1,2}[/.]\d{1,2}([/.](20)?\d\d)$")],
        [_regex(r"^\d{1,2}/\d{1,2}$")],
        [part, _DASH, part, _DASH, _regex(r"^(20)?\d\d$")],
    ]


def _durations() -> list[list[Token]]:
    return [[_COUNT, _UNIT], [_COUNT, *_words("of"), _UNIT], [_COUNT, _DASH, _UNIT]]


def _phrases(label: str, phrases: str | tuple[str, ...] | list[str]) -> list[Pattern]:
    listed = phrases.split(", ") if isinstance(phrases, str) else list(phrases)
    return [{"label": label, "pattern": phrase} for phrase in listed]


def _plurals(names: list[str]) -> list[str]:
    """Return the names and their plurals."""
    return sorted({*names, *(f"{name}s" for name in names), "batteries", "boxes", "switches"})


def entity_patterns() -> list[Pattern]:
    """Return all patterns in the entity ruler's format, in the order in which they are tried."""
    groups = {
        "order_number": _order_numbers(),
        "zip": _zips(),
        "email": [[{"LIKE_EMAIL": True}]],
        "money": _money(),
        "date": _dates(),
        "duration": _durations(),
    }
    patterns: list[Pattern] = [
        {"label": label, "pattern": pattern}
        for label, token_patterns in groups.items()
        for pattern in token_patterns
    ]
    for kind in EVIDENCE.values():
        patterns += _phrases("evidence", kind)
    for remedy in REMEDIES.values():
        patterns += _phrases("remedy", remedy)
    return patterns + _phrases("product", _plurals(PRODUCTS))
