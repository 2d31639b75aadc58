# SPDX-FileCopyrightText: The Shareferry authors
# SPDX-License-Identifier: Apache-2.0
"""See the package."""
import http.client
import io
import json
import pathlib
import ssl
import time
import urllib.parse
from fractions import Fraction

from .inputs import Inputs, _time


# X509_V_FLAG_PARTIAL_CHAIN of OpenSSL: a certificate that an authority issued can be trusted without its authority. The
# name in ssl came with Python 3.10.
_PARTIAL_CHAIN = 0x80000


def _first_certificate(file):
    """The first certificate of a PEM file. The authority may follow; other certificates that it issued are not trusted."""
    text = pathlib.Path(file).read_text(encoding="ascii", errors="replace")
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    if begin not in text or end not in text[text.index(begin):]:
        raise ValueError(f"{file} has no certificate in PEM.")
    first = text[text.index(begin):]
    return first[:first.index(end) + len(end)] + "\n"


class ServiceError(Exception):
    """The service refused a request.

    `status` is HTTP's, `problem` the problem's type (docs/problem-types.md), `retry_after` seconds or None.
    """

    def __init__(self, status, problem, detail, retry_after=None):
        super().__init__(f"{detail} (status {status}, {problem})")
        self.status = status
        self.problem = problem
        self.retry_after = retry_after


class NotVerifiedError(Exception):
    """The result is not VERIFIED, and the caller did not request unverified values.

    `result` gives the reasons. A REJECTED result has no values.
    """

    def __init__(self, result):
        super().__init__(f"Delivery {result.id} is {result.verdict}: {'; '.join(result.reasons) or 'no reason given'}.")
        self.result = result


class ValuesDeletedError(Exception):
    """The values of a result were deleted at the service, by a user or because of their age.

    `result.values_deleted` says when; its verdict is still known. It is None if the whole delivery was deleted.
    """

    def __init__(self, result):
        super().__init__(f"Delivery {result.id} was deleted, with its values." if result.values_deleted is None else
                         f"The values of delivery {result.id} were deleted at {result.facts['valuesDeleted']}. "
                         f"Its verdict is still known: {result.verdict}.")
        self.result = result


class Result:
    """A delivery as the client service shows it. Its values are fetched on first use.

    `ended` (when it was checked or expired) and `values_deleted` are aware datetimes, or None.
    """

    def __init__(self, client, facts):
        self._client = client
        self._values = None
        self.facts = facts
        self.id = facts["id"]
        self.label = int(facts["label"])
        self.parties = tuple(facts["parties"])
        self.count = facts["count"]
        self.precision = facts["precision"]
        self.state = facts["state"]
        self.verdict = facts.get("verdict")
        self.reasons = tuple(facts.get("reasons", ()))
        self.ended = _time(facts["ended"]) if "ended" in facts else None
        self.values_deleted = _time(facts["valuesDeleted"]) if "valuesDeleted" in facts else None

    def __repr__(self):
        return f"Result(id={self.id!r}, label={self.label}, count={self.count}, verdict={self.verdict})"

    @property
    def values(self):
        """The exact values. Raises NotVerifiedError unless the result is VERIFIED.

        Raises ValuesDeletedError if they were deleted.
        """
        return self.take()

    def take(self, unverified=False):
        """The exact values as a list of int, or of Fraction where the result has a precision.

        unverified: return the values of an UNVERIFIED result too.
        """
        self._require(unverified)
        if self._values is None:
            number = Fraction if self.precision else int
            shown = self._client._json(self._path(), numbers="string")
            if "values" not in shown:
                raise ValuesDeletedError(Result(self._client, shown))
            self._values = [number(text) for text in shown["values"]]
        return list(self._values)

    def to_numpy(self, unverified=False):
        """The values as an array of NumPy, which must be installed.

        int64; float64 where the result has a precision and every value is exact; else rows of 64-bit limbs, the lowest
        first, of the integers value * 2**precision.
        """
        import numpy

        self._require(unverified)
        return numpy.load(io.BytesIO(self._client._bytes(self._path(), format="npy")), allow_pickle=False)

    def _require(self, unverified):
        if self.verdict != "VERIFIED" and not (unverified and self.verdict == "UNVERIFIED"):
            raise NotVerifiedError(self)
        if self.values_deleted is not None or self.state == "deleted":
            raise ValuesDeletedError(self)

    def _path(self):
        return f"/v1/results/{self.id}?" + urllib.parse.urlencode({"parties": ",".join(self.parties)}, safe=",")


class Client:
    """A connection to one client service over mutual TLS. Do not share it between threads."""

    def __init__(self, address, certificate, key, service_certificate, timeout=60):
        """address: such as https://localhost:8443

        certificate, key: PEM files of a user of this client
        service_certificate: the PEM file of the service's own certificate, the only one trusted
        timeout: seconds to wait for an answer
        """
        parts = urllib.parse.urlsplit(address)
        if parts.scheme != "https" or not parts.hostname:
            raise ValueError(f"The address must begin with https://, unlike {address!r}.")
        tls = ssl.create_default_context(cadata=_first_certificate(service_certificate))
        tls.verify_flags |= _PARTIAL_CHAIN
        tls.minimum_version = ssl.TLSVersion.TLSv1_3
        tls.load_cert_chain(str(certificate), str(key))
        self._connection = http.client.HTTPSConnection(parts.hostname, parts.port or 443, context=tls, timeout=timeout)
        self.inputs = Inputs(self)

    @classmethod
    def from_dir(cls, folder, timeout=60):
        """folder: the client's folder in the output of `shareferry init` or `demo --dir`, such as site/C0"""
        folder = pathlib.Path(folder)
        services = json.loads((folder.parent / "services.json").read_text(encoding="utf-8"))["services"]
        for service in services:
            if service["member"] == folder.name:
                return cls(service["address"], folder / "user.crt", folder / "user.key", folder / "tls.crt", timeout)
        raise ValueError(f"{folder.parent / 'services.json'} has no service of {folder.name}.")

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def close(self):
        """Closes the connection."""
        self._connection.close()

    def results(self, label=None, verdict=None, limit=50, parties=None):
        """The newest results, without values: at most `limit`, up to 200.

        parties: only results of exactly these parties, such as ["P0", "P1"]. Several sets of parties may use one label.
        """
        query = {"numbers": "string", "limit": limit, "label": label, "verdict": verdict,
                 "parties": parties and ",".join(parties)}
        return [Result(self, facts) for facts in self._json("/v1/results", **query)["results"]]

    def wait(self, label=None, timeout=None, parties=None):
        """The newest result with this label and of these parties, once it has a verdict.

        timeout: seconds; None waits without a limit. Raises TimeoutError.
        """
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            newest = self.results(label=label, limit=1, parties=parties)
            if newest and newest[0].verdict is not None:
                return newest[0]
            if end is not None and time.monotonic() >= end:
                raise TimeoutError(f"No result with label {label} has a verdict." if label is not None
                                   else "No result has a verdict.")
            time.sleep(0.25)

    def _json(self, path, **query):
        return json.loads(self._bytes(path, **query))

    @staticmethod
    def _with_query(path, query):
        given = urllib.parse.urlencode({name: value for name, value in query.items() if value is not None})
        separator = "&" if "?" in path else "?"
        return path + (separator + given if given else "")

    def _change(self, method, path, query=None, body=None, type=None):
        """Sends a request that may not be repeated, so over a connection that the service has not closed meanwhile."""
        self._connection.close()
        headers = {"Accept": "application/json", **({"Content-Type": type} if type else {})}
        self._connection.request(method, self._with_query(path, query or {}), body=body, headers=headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if not 200 <= answer.status < 300:
            raise self._error(answer, content)
        return content

    def _bytes(self, path, **query):
        headers = {"Accept": "application/json, */*;q=0.5"}
        for attempt in (1, 2):
            try:
                self._connection.request("GET", self._with_query(path, query), headers=headers)
                answer = self._connection.getresponse()
                body = answer.read()
                break
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                # The service closes idle connections. A read is safe to repeat.
                self._connection.close()
                if attempt == 2:
                    raise
        if answer.status != 200:
            raise self._error(answer, body)
        return body

    @staticmethod
    def _error(answer, body):
        try:
            problem = json.loads(body)
        except ValueError:
            problem = {}
        after = answer.getheader("Retry-After")
        return ServiceError(
            answer.status,
            problem.get("type", "about:blank"),
            problem.get("detail", answer.reason),
            int(after) if after and after.isdigit() else None,
        )
