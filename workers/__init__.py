"""Articles to claims, with spaCy."""
