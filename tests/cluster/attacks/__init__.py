"""Attacks, each a test named by what it tries, all in one siege. A package, so that the siege ends with the last of them."""
