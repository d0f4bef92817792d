"""AWS as the simulation has it: functions, tables, queues and sockets, on simulated time."""
