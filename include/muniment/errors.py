"""The base of all errors meant for a person. Errors of one part are declared in that part."""


class MunimentError(Exception):
    """Says what is wrong, where, and what to do; the command line prints it without a traceback."""
