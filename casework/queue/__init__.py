"""The queue: a view of the logs, stored beside them."""
