"""Canned replies: an agent's usual answers, with the case's own dates and amounts filled in."""
