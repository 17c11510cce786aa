"""`python -m surpass`."""

from surpass.cli import run

if __name__ == "__main__":
    run()
