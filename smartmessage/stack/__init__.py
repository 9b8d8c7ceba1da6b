"""Runs the product's processes on one machine: for the demo, for the tests, with real servers from wheels."""
