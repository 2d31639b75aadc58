# SPDX-FileCopyrightText: The Shareferry authors
# SPDX-License-Identifier: Apache-2.0
"""Reads results of a Shareferry client service and gives it inputs, with the standard library alone.

    from shareferry_client import Client

    with Client.from_dir("site/C0") as c0:
        result = c0.wait(label=1755)
        print(result.values)

    with Client.from_dir("site/C0") as c0:
        c0.inputs.give([3, -4], label=7, parties=["P0", "P1"], protocol="spdz2k", bits=64, until=tomorrow)

Values are exact: int, or fractions.Fraction where the result has a precision. Values of an UNVERIFIED result must be
requested explicitly.
"""
from .client import Client, NotVerifiedError, Result, ServiceError, ValuesDeletedError
from .inputs import Inputs, OpenRequest, StoredInput, WaitingInput

__all__ = ["Client", "Inputs", "NotVerifiedError", "OpenRequest", "Result", "ServiceError", "StoredInput",
           "ValuesDeletedError", "WaitingInput"]
