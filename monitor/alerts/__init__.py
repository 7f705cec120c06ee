"""Outbox to channels: the only stage whose work leaves Redis, so it delivers at least once."""
