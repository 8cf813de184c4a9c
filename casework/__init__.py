"""Orders, cases, evidence, conversations and escalations: what happened, in a database.

Which module tells which story:

- ``orders``: what was sold, as the shop's record has it, and the policy facts it gives.
- ``importer`` (``order_file``, ``order_fields``): how orders come in from a file.
- ``samples`` (``sample_orders``): orders to try, dated from today.
- ``verification``: who may hear about an order.
- ``cases``: what a customer asked for, and its state by the policy; ``claims``: what they may
  claim; ``log``: what happened since, append-only; ``obligations``: who still owes what, by when.
- ``acts`` (``act_catalog``, ``telling``): what the shop's people do to a case, and what the
  customer is told; ``reading_place``: where. ``shop_events``: what carriers and systems report.
- ``case_file``: all a person needs to decide. ``in_words``: decisions in the customer's words.
- ``queue`` (``queue_*``): what waits for a person, stored beside the log; ``needs``: for what;
  ``order_known``: the order as a log knows it. ``handling``: who
  speaks with a customer; ``duty``: when people work. ``impact``: what a new policy would change.
- ``accounts``, ``audit``: the shop's people, and what they did.
- ``reports``: what all of it adds up to over a period.
- ``evidence``: the pictures and papers behind a case.
- ``conversations``: who talks to whom, and every message. ``escalations``: what goes to a person.
- ``database``, ``tables``, ``migrations``: where it is kept. ``settings``, ``shop``: what is set,
  and the shop's policy and calendar day.
- ``backup``: a copy of everything, and its return.
- ``readiness``: whether all of this can serve.

A writer takes an open session, the moment (``now``, with a time zone) and, where a replay must not
write twice, a ``key``: the second call with the same key returns what the first one wrote.
"""
