"""Orders, cases, evidence, conversations and escalations: what happened, in a database.

Which folder tells which story:

- ``orders``: what was sold, as the shop's record has it; how orders and news of them come in; who
  may hear about one.
- ``cases``: what a customer asked for, and where it stands by the policy and its log; what the
  shop's people do to it, and what the customer is told; what goes to a person.
- ``evidence``: the pictures and papers behind a case.
- ``conversations``: who talks to whom, and every message; turns that wait for the assistant.
- ``queue``: what waits for a person, stored beside the log.
- ``outgoing``: news for the customer and the shop's systems, by e-mail and webhook.
- ``people``: the shop's people, when they work, and what they did. ``canned``: their ready replies.
- ``api``: other programs that act for the shop.
- ``reports``: what all of it adds up to over a period.
- ``kept``: conversations written down as tests. ``training``: what was not understood.
- ``privacy``: a customer's data, given out, erased, or kept no longer than needed.
- ``backup``: a copy of everything, and its return.
- ``operating``: whether all of this can serve, its log and its figures.
- ``storage``, ``migrations``: where it is kept. ``settings``, ``shop``: what is set, and the shop's
  policy and calendar day.

A writer takes an open session, the moment (``now``, with a time zone) and, where a replay must not
write twice, a ``key``: the second call with the same key returns what the first one wrote.
"""
