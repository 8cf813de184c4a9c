"""How much the assistant bears, side by side with the one that `rasa init` makes.

- ``talks``: what customers say. ``customers``: who says it: on the website, to Rasa, to the other.
- ``systems``: the processes that are measured, their memory and their processor time.
- ``crowd``: so many customers at once.
- one command each: ``throughput``, ``gateway``, ``turns``, ``streams``, ``start``, ``profile``.
"""
