"""`python -m prepaid` is the same as `prepaid`."""

from prepaid.cli.app import main

main()
