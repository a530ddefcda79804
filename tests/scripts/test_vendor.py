import base64
import hashlib

import pytest
import vendor


def test_a_package_that_differs_from_the_registry_is_refused():
    vendor.check_integrity("x", b"abc", "sha512-" + base64.b64encode(hashlib.sha512(b"abc").digest()).decode())
    with pytest.raises(SystemExit, match="differs from the registry"):
        vendor.check_integrity("x", b"abd", "sha512-" + base64.b64encode(hashlib.sha512(b"abc").digest()).decode())
