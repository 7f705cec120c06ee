"""Claims to statuses to transitions to alerts. Pure: no clock, no socket, no Redis."""
