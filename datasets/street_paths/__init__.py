"""Trips through streets of real cities: the question of [TH] 6.2."""
