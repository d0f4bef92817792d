"""Traffic on the running local stack while its functions and sockets are killed at random."""
