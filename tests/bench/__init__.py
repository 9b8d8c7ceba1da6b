"""The benchmarks of `make bench`: each figure is a ratio to a baseline of the same run, taken in turns with it."""
