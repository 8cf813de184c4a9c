"""Whole conversations as YAML, played against the trained model and the real actions.

`docs/conversation-tests.md` says how to write one. The modules, each with one job:
`located` reads YAML and remembers lines, `reader` turns it into conversations or clear errors,
`when` understands days and spans, `player` drives an assistant, `checks` compares,
`transcript` shows, `rasa_assistant` is the assistant under test, `world` its clock, policy file
and database, `model` trains when something changed.
"""
