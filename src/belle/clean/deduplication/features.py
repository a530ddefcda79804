"""What deduplication looks at of each row: two hashes of the whole row, its bands, shingles and length."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from belle.clean.deduplication.guard import guards
from belle.clean.deduplication.minhash import bands, signatures
from belle.clean.deduplication.shingles import distinct, shingle
from belle.clean.deduplication.tokens import tokenize
from belle.config.deduplication import DeduplicateParams
from belle.data.slices import offsets, row_slices
from belle.libraries.daft_setup import daft

IDENTITY = ("identity", "identity_check")


def identity() -> dict[str, daft.Expression]:
    """Return two independent 64-bit hashes of the roles and of the text of all messages of a row.

    An answer counts as it is, another message by its comparison key. Both hashes together stand for the text: 128 bits
    keep an accident out of reach at billions of rows.
    """
    parts = [daft.col(column).list_join("\x1f") for column in ("roles", "identities")]
    names = zip(IDENTITY, ("xxhash3_64", "sha1"), strict=True)
    return {name: daft.functions.hash(*parts, hash_function=function) for name, function in names}


def near_features(params: DeduplicateParams) -> daft.Expression:
    """Return a struct of `answer_characters`, `bands` and `shingles`."""
    count = params.bands
    types = {
        "answer_characters": pa.int64(),
        "bands": pa.list_(pa.uint64(), count),
        "shingles": pa.large_list(pa.uint32()),
    }
    dtype = daft.DataType.from_arrow_type(pa.struct(types.items()))

    @daft.func.batch(return_dtype=dtype, use_process=False)
    def near(*columns: daft.Series) -> pa.Array:
        lists = [column.to_arrow() for column in columns]
        parts = [[one[rows] for one in lists] for rows in row_slices(lists[-1])]
        return pa.concat_arrays([_near(params, *part) for part in parts])

    return near(*(daft.col(name) for name in ("roles", "characters", "keys", "identities")))


def _near(
    params: DeduplicateParams, roles: pa.Array, characters: pa.Array, keys: pa.Array, identities: pa.Array
) -> pa.Array:
    rows = offsets(keys)
    role = pc.list_flatten(roles)
    # so that a translation is no duplicate of the one back
    is_answer = pc.equal(role, "assistant").to_numpy(zero_copy_only=False)
    tokens = tokenize(pc.list_flatten(keys).to_pylist())
    shingles = distinct(shingle(tokens, params.ngram, rows, is_answer.astype(np.uint64)))
    guard = guards(tokens, rows, is_answer, pc.list_flatten(identities).to_pylist())
    parts = bands(signatures(shingles, params.permutations), params.bands, guard)
    counted = pc.if_else(pc.is_in(role, pa.array(["assistant", "text"])), pc.list_flatten(characters), 0)
    ends = np.concatenate([[0], np.cumsum(counted.to_numpy(zero_copy_only=False))])
    columns = {
        "answer_characters": pa.array(np.diff(ends[rows]), pa.int64()),
        "bands": pa.FixedSizeListArray.from_arrays(pa.array(parts.reshape(-1)), params.bands),
        "shingles": pa.LargeListArray.from_arrays(pa.array(shingles.starts), pa.array(shingles.hashes)),
    }
    return pa.StructArray.from_arrays(list(columns.values()), names=list(columns))
