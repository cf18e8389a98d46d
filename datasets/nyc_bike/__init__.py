"""Shared bikes in New York: those that leave and arrive, per zone and hour."""
