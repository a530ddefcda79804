import numpy as np
import pyarrow as pa

from belle.data_card.sample import Examples, chosen, digests


def test_digests_depend_on_the_id_alone():
    one = digests(pa.array(["a", "b"]))
    # the first eight bytes of SHA-256("a"), as `printf a | sha256sum` prints them
    assert one[0] == 0xCA978112CA1BBDCA
    assert digests(pa.array(["b"]))[0] == one[1]


def test_a_sample_is_about_as_large_as_wanted_and_all_of_a_small_table():
    order = digests(pa.array([f"row-{number}" for number in range(20_000)]))
    assert chosen(order, 100, 50).all()
    assert abs(chosen(order, 2_000, 20_000).sum() - 2_000) < 150


def test_examples_are_those_with_the_smallest_digests_however_the_rows_are_cut():
    ids = [f"row-{number}" for number in range(300)]
    batch = pa.record_batch({"id": ids, "source": ["a", "b", "b"] * 100})
    found = []
    for size in (300, 7):
        examples = Examples(3)
        for start in range(0, 300, size):
            part = batch.slice(start, size)
            examples.add(part, part["source"].to_pylist(), digests(part["id"]))
        found.append({group: [row["id"] for _, row in rows] for group, rows in examples.rows.items()})
    order = [ids[place] for place in np.argsort(digests(batch["id"]))]
    expected = {"a": [one for one in order if int(one[4:]) % 3 == 0][:3]}
    expected["b"] = [one for one in order if int(one[4:]) % 3][:3]
    assert found == [expected, expected]
