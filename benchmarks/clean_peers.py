"""What others do to the rows of benchmarks/clean.py: near deduplication alone, each as a process of its own.

`python benchmarks/clean_peers.py PEER TABLE OUT` (PEER: datatrove, datatrove_by_character, datasketch) writes the
ids that are kept, one per line, and prints wall seconds, processor seconds with those of child processes, and the peak
bytes of the main process.
"""

import resource
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq

from belle.speed import peak_resident_memory

PERMUTATIONS, BUCKETS, NGRAM = 72, 12, 5
"""As params.yaml has them, with 5-grams, which is what both do with texts by default."""


def rows(table: Path) -> list[tuple[str, str]]:
    read = pq.read_table(table, columns=["id", "messages"])
    texts = ["\n".join(one["content"] for one in messages) for messages in read["messages"].to_pylist()]
    return list(zip(read["id"].to_pylist(), texts, strict=True))


def datatrove(table: Path, out: Path, by_character: bool = False) -> list[str]:
    """Run datatrove's four MinHash steps, two workers where a step has several tasks.

    As it comes, it cuts Chinese into words (spaCy with jieba) and has 14 buckets of 8 hashes. `by_character` replaces
    its words by characters, the cheapest cut there is, and gives it the signature that is used here.
    """
    import json

    import datatrove.pipeline.dedup.minhash as minhash
    from datatrove.data import Document
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.writers.jsonl import JsonlWriter
    from datatrove.utils.typeshelper import Languages
    from datatrove.utils.word_tokenizers import WordTokenizer

    class Characters(WordTokenizer):
        def word_tokenize(self, text: str) -> list[str]:
            return list(text)

        def sent_tokenize(self, text: str) -> list[str]:
            return [text]

        def span_tokenize(self, text: str) -> list[tuple[int, int]]:
            return [(0, len(text))]

    config = minhash.MinhashConfig()
    if by_character:
        minhash.load_word_tokenizer = lambda language: Characters()
        hashes = PERMUTATIONS // BUCKETS
        config = minhash.MinhashConfig(n_grams=NGRAM, num_buckets=BUCKETS, hashes_per_bucket=hashes)
    documents = rows(table)
    half = (len(documents) + 1) // 2

    def read(data: object, rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        for name, text in documents[rank * half : (rank + 1) * half]:
            yield Document(text=text, id=name)

    signatures, buckets, removed, kept = (str(out / name) for name in ("signatures", "buckets", "removed", "kept"))
    steps = [
        ([read, minhash.MinhashDedupSignature(signatures, config, language=Languages.mandarin_chinese)], 2),
        ([minhash.MinhashDedupBuckets(signatures, buckets, config=config)], config.num_buckets),
        ([minhash.MinhashDedupCluster(buckets, removed, config=config)], 1),
        ([read, minhash.MinhashDedupFilter(removed), JsonlWriter(kept, compression=None)], 2),
    ]
    for number, (pipeline, tasks) in enumerate(steps):
        logs = str(out / f"logs-{number}")
        LocalPipelineExecutor(pipeline=pipeline, tasks=tasks, workers=2, logging_dir=logs, start_method="fork").run()
    return [json.loads(line)["id"] for file in sorted(Path(kept).iterdir()) for line in file.open(encoding="utf-8")]


def datasketch(table: Path, out: Path) -> list[str]:
    """The usual script: signatures by datasets.map on two processes, then an LSH index that is asked row by row."""
    import numpy as np
    from datasets import Dataset
    from datasketch import LeanMinHash, MinHash, MinHashLSH

    def sign(batch: dict) -> dict:
        signed = []
        for text in batch["text"]:
            one = MinHash(num_perm=PERMUTATIONS)
            one.update_batch([text[at : at + NGRAM].encode() for at in range(max(1, len(text) - NGRAM + 1))])
            signed.append(one.hashvalues)
        return {"signature": signed}

    names, texts = zip(*rows(table), strict=True)
    data = Dataset.from_dict({"id": list(names), "text": list(texts)})
    data = data.map(sign, batched=True, num_proc=2, remove_columns=["text"])
    index = MinHashLSH(num_perm=PERMUTATIONS, params=(BUCKETS, PERMUTATIONS // BUCKETS))
    blank, kept = MinHash(num_perm=PERMUTATIONS), []
    for row in data:
        values = np.array(row["signature"], blank.hashvalues.dtype)
        signature = LeanMinHash(seed=blank.seed, hashvalues=values, scheme=blank.scheme)
        if not index.query(signature):
            index.insert(row["id"], signature)
            kept.append(row["id"])
    return kept


def main() -> None:
    name, table, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    start = time.perf_counter()
    ways: dict[str, Callable[[Path, Path], list[str]]] = {
        "datatrove": datatrove,
        "datatrove_by_character": partial(datatrove, by_character=True),
        "datasketch": datasketch,
    }
    kept = ways[name](table, out)
    wall = time.perf_counter() - start
    (out / "kept.txt").write_text("\n".join(kept), encoding="utf-8")
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    processor = sum(one.ru_utime + one.ru_stime for one in used)
    print(wall, processor, peak_resident_memory())


if __name__ == "__main__":
    main()
