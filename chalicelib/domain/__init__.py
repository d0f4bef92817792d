"""The rules of Lambdesk: pure functions over frozen data, standard library only."""
