"""STOMP and STAMP training; imports nothing, so that the domain stays pure."""
