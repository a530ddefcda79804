"""Take the replies in a file of results, as `vllm run-batch` writes it from an exported one."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from belle.endpoints.batches.files import Result, in_words, read_result
from belle.endpoints.request import Request
from belle.endpoints.store import ReplyStore
from belle.errors import UserError

OTHER = "it answers another request"


def fetch_file(path: Path, requests: Sequence[Request], store: ReplyStore) -> None:
    """Add the replies to some requests to the store.

    Raises:
        UserError: no such file, or it holds no result for any of the requests.
    """
    different, errors = {request.key: request for request in requests}, Counter[str]()
    replies = 0
    for result in _results_in(path):
        request = different.get(result.key if result else "")
        if result is None:
            errors["the line is no result of a batch"] += 1
        elif request is None:
            errors[OTHER] += 1
        elif result.reply is None:
            errors[str(result.error)] += 1
        else:
            # known as a request too, so that what it took counts in later estimates
            store.claim(request)
            store.add(request.key, result.reply)
            store.release(request.key)
            replies += 1
    words = in_words(replies, errors)
    if not replies:
        why = (
            "params.yaml or the answers have changed since the export" if errors[OTHER] else "name the file of results"
        )
        raise UserError(f"{path}: {words}; {why}")
    print(f"{path}: {words}")


def _results_in(path: Path) -> Iterator[Result | None]:
    try:
        with path.open("rb") as stream:
            yield from (read_result(line) for line in stream if line.strip())
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from None
