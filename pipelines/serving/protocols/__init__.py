"""Requests and answers of each protocol, without a transport."""
