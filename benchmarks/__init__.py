"""Benchmarks: what this project claims about its figures and its speed, measured beside a named peer in one run."""
