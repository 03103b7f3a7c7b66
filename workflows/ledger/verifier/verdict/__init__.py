"""The replayed state against the shown one, and everything put together and printed."""
