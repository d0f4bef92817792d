"""Those who use the simulated desk, and their clients."""
