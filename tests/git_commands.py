"""Git in the current directory, as a person of its own."""

import subprocess


def git(*arguments: str) -> str:
    identity = ["-c", "user.name=tests", "-c", "user.email=tests@example.com"]
    return subprocess.check_output(["git", *identity, *arguments], text=True).strip()


def commit(message: str) -> str:
    """Commit all that Git does not ignore; return the commit."""
    git("add", "-A")
    git("commit", "-q", "-m", message)
    return git("rev-parse", "HEAD")
