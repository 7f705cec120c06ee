"""The daemon: feeds in, signed alerts out."""
