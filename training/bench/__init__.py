"""The bench: a large organisation made of a small cast, and what the service takes to serve it, beside its floors."""
