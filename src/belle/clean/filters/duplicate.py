"""Drop rows whose messages equal those of an earlier row."""

from belle.libraries.daft_setup import daft

REASON = "duplicate"
IDENTITY = ["identity", "identity_check"]


def identity() -> dict[str, daft.Expression]:
    """Return two independent 64-bit hashes of the roles and comparison keys of all messages of a row.

    Both together stand for the text: 128 bits keep an accident out of reach at billions of rows.
    """
    parts = [daft.col(column).list_join("\x1f") for column in ("roles", "keys")]
    names = zip(IDENTITY, ("xxhash3_64", "sha1"), strict=True)
    return {name: daft.functions.hash(*parts, hash_function=function) for name, function in names}


def mark_duplicates(rows: daft.DataFrame) -> daft.DataFrame:
    """Give the reason to rows equal to an earlier kept row; the match is that row's id.

    Args:
        rows: `id`, `position`, `reason`, `match` and the columns of `identity`; a row
            with a reason takes no part.
    """
    kept = rows.where(daft.col("reason").is_null())
    first = kept.groupby(*IDENTITY).agg(daft.col("position").min().alias("first"))
    first_id = kept.select(daft.col("position").alias("first"), daft.col("id").alias("first_id"))
    rows = rows.join(first.join(first_id, on="first"), on=IDENTITY, how="left")
    later = daft.col("reason").is_null() & (daft.col("position") != daft.col("first"))
    return rows.with_columns(
        {
            "reason": daft.functions.when(later, REASON).otherwise(daft.col("reason")),
            "match": daft.functions.when(later, daft.col("first_id")).otherwise(daft.col("match")),
        }
    )
