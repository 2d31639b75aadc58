# SPDX-FileCopyrightText: The Shareferry authors
# SPDX-License-Identifier: Apache-2.0
"""Reads results of a Shareferry client service, with the standard library alone.

    from shareferry_client import Client

    with Client.from_dir("site/C0") as c0:
        result = c0.wait(label=1755)
        print(result.values)

Values are exact: int, or fractions.Fraction where the result has a precision. Values of an UNVERIFIED result must be
requested explicitly.
"""
from .client import Client, NotVerifiedError, Result, ServiceError

__all__ = ["Client", "NotVerifiedError", "Result", "ServiceError"]
