"""The shop's own systems that use the API."""
