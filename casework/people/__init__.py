"""The shop's people: their accounts, when they are at work, and what they did."""
