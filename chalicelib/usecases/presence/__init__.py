"""Who is there: sockets, availability, those who leave."""
