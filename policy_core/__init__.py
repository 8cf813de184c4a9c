"""The shop's Return & Refund Policy as rules: facts of a request in, a decision out.

Pure: nothing is read but the policy file. `python -m policy_core` is the same on the command line.
"""

from policy_core.decision import Decision
from policy_core.errors import InputError, PolicyError
from policy_core.model import Clause, Contact, Interpretation, Policy, Topic
from policy_core.versions import decide, load_policy

__all__ = [
    "Clause",
    "Contact",
    "Decision",
    "InputError",
    "Interpretation",
    "Policy",
    "PolicyError",
    "Topic",
    "decide",
    "load_policy",
]
