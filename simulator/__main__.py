"""`python -m simulator`: settings come from the environment; see the README beside this file."""

from simulator.environment import read_environment
from simulator.server import serve

if __name__ == "__main__":
    serve(read_environment())
