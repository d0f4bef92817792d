"""The rules of the domain, with no world around them."""
