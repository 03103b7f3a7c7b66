"""Tests of workflows/forms."""
