"""The web, by what runs where.

- ``chat``: the customers' chat. ``desk``: where the shop's people sit.
- ``edges``: where carriers and the shop's other systems come in.
- ``web``: what both stand on: security, limits, assets, rendering, pictures, wording.
- ``delivery``: customers' messages to the assistant, and its answers back.
- ``inside_rasa``: the one part that runs in Rasa's process: the channel, and mends.
- ``operating``: what operators look at: health, readiness, metrics.
- ``start``: what runs before anything is served. ``settings``: what an operator can set.
- ``app``: all of it as one web application.
"""
