# SPDX-FileCopyrightText: The Shareferry authors
# SPDX-License-Identifier: Apache-2.0
"""Private inputs: values that a client gives to a program of the parties (docs/input-delivery.md)."""
import datetime
import json
import urllib.parse
from decimal import Decimal
from fractions import Fraction


class WaitingInput:
    """An input that waits for a request. Its values are not shown.

    `times` is how many requests it may still answer, `until` an aware datetime.
    """

    def __init__(self, facts):
        self.facts = facts
        self.id = facts["id"]
        self.label = int(facts["label"])
        self.parties = tuple(facts["parties"])
        self.count = facts["count"]
        self.times = facts["times"]
        self.until = _time(facts["until"])

    def __repr__(self):
        return f"WaitingInput(id={self.id!r}, label={self.label}, count={self.count}, times={self.times})"


class OpenRequest:
    """A program's request for inputs that has no answer yet.

    `reason` says why, for programs, such as "asked-before-input"; `detail` says it for people.
    """

    def __init__(self, facts):
        self.facts = facts
        self.id = facts["id"]
        self.label = int(facts["label"])
        self.parties = tuple(facts["parties"])
        self.protocol = facts["protocol"]
        self.count = facts["count"]
        self.precision = facts["precision"]
        self.bits = facts["bits"]
        self.program = facts.get("program")
        self.verdict = facts["verdict"]
        self.created = _time(facts["created"])
        self.reason = facts["reason"]
        self.detail = facts["detail"]

    def __repr__(self):
        return f"OpenRequest(id={self.id!r}, label={self.label}, count={self.count}, verdict={self.verdict})"


class StoredInput:
    """An input that the service has stored. It waits under `id`.

    `open_requests` are requests with its label that do not use it, such as those made before it: they wait for
    `Inputs.answer`. `detail` says so for people.
    """

    def __init__(self, facts):
        self.facts = facts
        self.id = facts["id"]
        self.detail = facts["detail"]
        self.open_requests = tuple(OpenRequest(request) for request in facts["openRequests"])

    def __repr__(self):
        return f"StoredInput(id={self.id!r}, open_requests={len(self.open_requests)})"


class Inputs:
    """The inputs of a client, as `Client.inputs`. What the service refuses is a ServiceError.

    A request that changes something is sent once. If its answer is lost (an OSError or http.client.HTTPException), look
    at `waiting` before you give the values again: a second input for the same label and parties is refused.
    """

    def __init__(self, client):
        self._client = client

    def give(self, values, *, label, parties, protocol, bits, until, precision=0, times=1, accept_unverified=False,
             program=None):
        """Gives values before the program asks, and returns a StoredInput.

        values: int, Decimal, or Fraction with a finite decimal form; float is taken as the binary fraction that it is
        label, parties: of the request that may use them, such as 1755 and ["P0", "P1"]
        protocol: of the parties, such as "spdz2k", or a list of those that may use them
        bits: 1 to 256; the integers that are computed with are from -2**(bits-1) to 2**(bits-1)-1
        until: an aware datetime; afterwards they are deleted
        precision: f: values are multiplied by 2**f and rounded, ties to even
        times: how many requests they may answer
        accept_unverified: also requests that are not VERIFIED
        program: the digest of the only program that may use them, 64 hex digits
        """
        protocols = [protocol] if isinstance(protocol, str) else list(protocol)
        query = {"label": label, "parties": ",".join(parties), "protocols": ",".join(protocols), "bits": bits,
                 "until": _text_of_time(until), "precision": precision, "times": times,
                 "acceptUnverified": ",".join(protocols) if accept_unverified else None, "program": program}
        return StoredInput(json.loads(self._client._change("POST", "/v1/inputs", query, _csv(values), "text/csv")))

    def waiting(self):
        """The inputs that wait, the oldest first, without values."""
        return [WaitingInput(facts) for facts in self._client._json("/v1/inputs")["inputs"]]

    def take_back(self, id):
        """Takes an input back that was not used. Its program then waits until another is given."""
        self._client._change("DELETE", "/v1/inputs/" + urllib.parse.quote(id, safe=""))

    def requests(self):
        """Requests without an answer, the oldest first, at most 1000."""
        return [OpenRequest(facts) for facts in self._client._json("/v1/requests")["requests"]]

    def answer(self, request, values, accept_unverified=False):
        """Answers a request late, for ever: there is never another answer.

        values: as for `give`, as many as it asks for
        accept_unverified: also if the request is not VERIFIED
        """
        query = {"parties": ",".join(request.parties),
                 "acceptUnverified": request.protocol if accept_unverified else None}
        self._client._change("POST", self._path(request), query, _csv(values), "text/csv")

    def refuse(self, request):
        """Refuses a request, for ever."""
        self._client._change("POST", self._path(request), {"parties": ",".join(request.parties)},
                             b'{"refuse": true}', "application/json")

    @staticmethod
    def _path(request):
        return f"/v1/requests/{request.id}/answer"


def _csv(values):
    return "".join(_decimal(value) + "\n" for value in values).encode("ascii")


def _decimal(value):
    """The exact value as decimal text. Errors name no value, because inputs are private."""
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, Fraction):
        return _finite(value)
    if isinstance(value, float):
        value = Decimal(value)
    if not isinstance(value, Decimal):
        raise TypeError(f"An input is an int, Decimal, Fraction or float, not {type(value).__name__}.")
    if not value.is_finite():
        raise ValueError("An input is a finite number.")
    return format(value, "f")


def _finite(value):
    """A fraction has a finite decimal form if its denominator has no other prime factors than 2 and 5."""
    places, power = 0, 1
    while power % value.denominator:
        if places == 1_000:
            raise ValueError("An input that is a Fraction needs a finite decimal form; round it first.")
        places, power = places + 1, power * 10
    digits = str(abs(value.numerator) * (power // value.denominator)).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def _text_of_time(time):
    if time.tzinfo is None:
        raise ValueError("A time needs its time zone, such as datetime.timezone.utc.")
    return time.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _time(text):
    # Python 3.9 reads neither Z nor more than six digits of a second.
    whole, _, _ = text.rstrip("Z").partition(".")
    return datetime.datetime.fromisoformat(whole).replace(tzinfo=datetime.timezone.utc)
