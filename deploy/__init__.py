"""The scaled-out set-up: PostgreSQL, Redis, a proxy and several processes of each kind."""
