"""How the packaged English pipeline was trained; nothing here runs in the product."""
