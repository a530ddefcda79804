"""The one exception for mistakes a person can repair."""


class UserError(Exception):
    """What is wrong, where (file, row, key) and what to do about it.

    Stages and the command line show the message without a traceback and exit with code 1. A message may hold
    several lines, one problem per line.
    """
