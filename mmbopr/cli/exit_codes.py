"""What the command says to the shell; argparse itself exits with 2."""

DONE = 0
SOME_FAILED = 1  # files, or the end of a video; the rest is done
REFUSED = 2  # nothing was done: wrong usage, or a file or setting at fault
NOBODY_FOUND = 3
INTERRUPTED = 130
