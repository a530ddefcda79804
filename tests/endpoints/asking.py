"""A process that asks, for the tests that kill one or run two: `asking.py ADDRESS FOLDER COUNT CONCURRENCY`."""

import sys
from pathlib import Path

from belle.endpoints.send import send
from belle.endpoints.store import ReplyStore
from belle.errors import UserError
from belle.signals import end_on_signals
from endpoints.conftest import budget, endpoint, numbered


def main() -> None:
    end_on_signals()
    print("ready", flush=True)
    sys.stdin.readline()
    address, folder, count, concurrency = sys.argv[1:]
    with ReplyStore(Path(folder)) as store:
        try:
            send(numbered(int(count)), endpoint(base_url=address, max_concurrency=int(concurrency)), store, budget())
        except UserError as error:
            sys.exit(str(error))


if __name__ == "__main__":
    main()
