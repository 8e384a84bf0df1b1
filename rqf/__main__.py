"""The `rqf` command."""

from rqf.cli import main

if __name__ == "__main__":
    main()
