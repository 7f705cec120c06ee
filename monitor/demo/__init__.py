"""The demo: the archive replayed over real HTTP to a local receiver."""
