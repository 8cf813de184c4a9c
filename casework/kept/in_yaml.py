"""A kept conversation as the text of a file: what a person would have typed."""

import re
from typing import Any

import yaml

from casework.kept.as_test import Kept

_NULL = "tag:yaml.org,2002:null"
_HEAD = """\
# Kept from a real conversation that began on {day}: the customer's own words, and stand-ins for
# whatever could tell who it was. docs/conversation-tests.md says how to read and change it.
"""


class _Plainly(yaml.SafeDumper):
    """Quotes only where the format needs them: there every scalar is the text that was typed."""

    yaml_implicit_resolvers: dict[Any, Any] = {}  # noqa: RUF012

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent lists below their key."""
        super().increase_indent(flow, False)


def _nothing(dumper: yaml.SafeDumper, value: None) -> yaml.ScalarNode:
    return dumper.represent_scalar(_NULL, "")


_Plainly.add_representer(type(None), _nothing)
_Plainly.add_implicit_resolver(_NULL, re.compile("(?:~|null|)$"), ["~", "n", ""])


def in_yaml(kept: Kept) -> str:
    """The text of a conversation file with this one test case."""
    remarks = "".join(f"# {remark}\n" for remark in kept.remarks)
    written = yaml.dump(
        {"test_cases": [kept.case]},
        Dumper=_Plainly,
        sort_keys=False,
        allow_unicode=True,
        width=10_000,
    )
    return _HEAD.format(day=kept.day) + remarks + str(written)
