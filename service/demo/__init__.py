"""The demonstration: a made-up city with its organs, people and sample documents, all of it data."""
