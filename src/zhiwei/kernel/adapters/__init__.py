"""How institutions vouch for people: one module a protocol, one narrow door to their servers."""
