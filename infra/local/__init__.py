"""The local stack: the real deployment, on an emulator, on this computer."""
