"""Faults and accidents on purpose: found in play before they are met at work."""
