"""Channels: how news of both wings reaches people who never ask for it by name."""
