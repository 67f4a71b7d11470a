"""Toy work for the arena: an installed app of the worker processes that the fault tests start. Never part of the product."""
