"""The commands: one module for each verb, each with ``run``, which returns the exit code."""
