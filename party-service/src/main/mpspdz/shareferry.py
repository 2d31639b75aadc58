# SPDX-FileCopyrightText: The Shareferry authors
# SPDX-License-Identifier: Apache-2.0
"""Delivers outputs of an MP-SPDZ program to clients, and receives their private inputs, through this party's own
party-service.

Three lines in a program:

    from shareferry import connect, deliver
    ferry = connect(14000)
    deliver(ferry, values, recipient=0, label=7)

Private inputs of a client:

    from shareferry import connect, receive
    ferry = connect(14000)
    values = receive(ferry, 1000, sender=0, label=8)

Put this file next to MP-SPDZ's compile.py, or add its folder to PYTHONPATH. It needs MP-SPDZ 0.3.9 or newer: in older
versions, revealing to clients leaks. Up to the tag 0.4.2, the MAC check has a race in programs with threads; use commit
7bf16a74 or newer for them.

Rules for every program:

* Import this module before threads and before functions that run on tapes of their own. After the import, accepting or
  initiating client connections on any tape except the main one is a compiler error; see "Own service" below.
* Call connect(), deliver(), ask() and receive() on the main thread. First join threads that write the values.
* Run the VMs with -e, which encrypts the messages between parties.

Words are regints: 8 bytes, little-endian, signed. The party-service can send an error instead of any message that is
read here: the error's number, followed by zeros.

Own service: MP-SPDZ finds client sockets by the client's number, across all ports. A client that is accepted later
under the same number replaces the socket. So the service sends a secret w with its keys, and sends w again before each
delivery, ask and take. The VM compares w before it writes anything, and never sends w back. This is safe only if no
other thread can replace the socket between the comparison and the shares.
"""

from contextlib import contextmanager as _contextmanager
from functools import wraps as _wraps
from inspect import signature as _signature

from Compiler import instructions as _instructions
from Compiler import program as _compiler
from Compiler.exceptions import CompilerError
from Compiler.library import (
    accept_client_connection,
    break_point,
    check_point,
    crash,
    for_range,
    get_number_of_players,
    get_player_id,
    get_thread_number,
    get_threshold,
    if_,
    listen_for_clients,
    print_ln,
    print_str,
    print_str_if,
)
from Compiler.types import Array, MemValue, SubMultiArray, cint, personal, regint, sfix, sint

__all__ = ['connect', 'deliver', 'ask', 'receive', 'Ferry', 'Asked']

MAGIC = 0x52524546
VERSION = 2

# Each party gets a different word, so nothing is to be synchronized. MP-SPDZ before 0.4.1 has no such parameter; there,
# the supported protocols never synchronize.
_UNSYNCHRONIZED = {'sync': False} if 'sync' in _signature(cint.to_regint).parameters else {}

# Scheme: (its code, elements sent per value).
SCHEMES = {
    'additive': (0, 1),
    'triple': (1, 3),
    'quintuple': (2, 5),
    'batched': (3, 2),
    'committed': (4, 1),
}

# Instead of a scheme's code. ASK delivers random values to a client, which masks its inputs with them. TAKE fetches the
# masked inputs.
ASK = 5
TAKE = 6

# Default and maximum number of values in a chunk. The default makes envelopes of about 100 KiB. The maximum number of
# elements is 2 MiB in SPDZ2k with 64-bit values, half of the service's limit for one chunk.
CHUNK = 4096
COMMITTED_CHUNK = 16384
MAX_CHUNK = 65536
MAX_CHUNK_ELEMENTS = 131072

# Maximum number of values in a delivery. In committed, the offsets of all values must fit one message.
MAX_COUNT = 1099511627776
MAX_COMMITTED_COUNT = 17179868928

# Maximum number of inputs in one request. They stay in memory until receive() returns them.
MAX_ASKED = 2 ** 31 - 1

# Maximum number of bits of an input's integers.
MAX_BITS = 256

# The header's label is a signed 64-bit integer; clients have up to four digits.
FIRST_LABEL, LAST_LABEL = -2 ** 63, 2 ** 63 - 1
LAST_CLIENT = 9999
LAST_PORT = 65535

# If connect() gets no number of parties, the program is compiled for 2 to this many.
MOST_PARTIES = 8

# Committed: rows of values are added to tables at offsets that a coin decides. Masks hide the opened combinations.
ROW = 256
TABLES = 8
CELLS = 2 * ROW - 1
MASKS = 64
BIT_WORDS = 65

HEAD_WORDS = 8

# An error is a message that begins with the error's number; the other words up to this many are 0.
REFUSAL_WORDS = 8
FIRST_ERROR = 1001
LAST_ERROR = 1099
ERRORS = {
    1001: 'the program does not use the dialog of this service',
    1002: 'the dialog has a different version; update shareferry.py or the service, whichever is older',
    1003: 'the party number or the number of parties differs from the settings of the service',
    1004: 'shares of this domain cannot be delivered',
    1005: 'the sequence number of the delivery is not the next one',
    1006: 'the recipient is not a client in the roster',
    1007: 'no valid key of the recipient is known; check that the relay is running',
    1008: 'the scheme is unknown to the service; update it',
    1009: 'count, values per chunk or precision is out of range',
    1010: 'a message has the wrong length',
    1011: 'MAC shares were sent; they must not leave the VM',
    1012: 'a delivery with this id was handed over before',
    1013: 'database error in the party-service',
    1015: 'the coin share of a party does not match its commitment: that party cheats',
    1016: 'the service is stopping, or waited too long',
    1017: 'the client refused to give inputs, or rejected the random values that mask them',
    1018: 'the inputs of the client did not arrive in time',
    1019: 'parties have different answers, or the answer does not match the request: a member cheats',
    1020: 'these inputs were not asked for, or were already taken',
    1021: 'the VM runs a different protocol than the service is configured for',
    1099: 'unexpected error in the party-service',
}


_MEMORY = object()


def _main_tape_only(instruction):
    """Makes an instruction that adds a client socket a compiler error on all tapes except the main one."""
    made = instruction.__init__

    @_wraps(made)
    def checked(self, *args, **kwargs):
        prog = _compiler.Program.prog
        if prog.curr_tape is not prog.tapes[0]:
            raise CompilerError('shareferry: accept or initiate client connections only on the main thread, outside '
                                'of functions that run on tapes of their own. On another thread, a client could '
                                'replace the socket of the party-service while shares are written to it')
        made(self, *args, **kwargs)

    instruction.__init__ = checked


def _guard_client_sockets():
    prog = _compiler.Program.prog
    if prog is not None and len(prog.tapes) > 1:
        # These tapes may be complete already and cannot be checked.
        raise CompilerError('shareferry: import this module before functions that run on tapes of their own, and '
                            'before threads')
    for name in 'acceptclientconnection', 'initclientconnection':
        if hasattr(_instructions, name):
            _main_tape_only(getattr(_instructions, name))


_guard_client_sockets()


@_contextmanager
def _ordered_memory():
    """Makes the compiler keep all memory accesses in this block in program order. It would otherwise reorder those at
    computed addresses, and warn. The barriers below do not rely on this.
    """
    _compiler.Program.prog.open_memory_scope(_MEMORY)
    try:
        yield
    finally:
        _compiler.Program.prog.close_memory_scope()


class Ferry:
    """A connection to this party's own party-service; created by connect()."""

    def __init__(self, client, parties, run):
        self.client = client
        self.parties = parties
        self.run = run
        # Counts at run time: a loop around deliver() must not use a number, and with it the masks, twice.
        self.sequence = MemValue(regint(0))
        # w: the service sends it again before each delivery.
        self.secret = regint.Array(2)
        self.cells = None
        self.bits = None
        self.sums = None

    def tables(self):
        """Memory for committed deliveries, shared by all of them."""
        if self.cells is None:
            self.cells = sint.Array(TABLES * CELLS)
            self.bits = cint.Array(64 * BIT_WORDS)
            self.sums = sint.Array(MASKS)
        return self.cells, self.bits, self.sums


class Asked:
    """A request for inputs, created by ask() and used by one receive()."""

    def __init__(self, ferry, values, count, chunk, head):
        self.ferry = ferry
        # Random until receive() returns them.
        self.values = values
        self.count = count
        self.chunk = chunk
        # The words of the last run of ask(), which may be in a loop.
        self.head = head


@_ordered_memory()
def connect(port, parties=None, one_port=False):
    """Listens for this party's own party-service, and waits for its connection for at most a minute.

    :param port: port base; party p listens on port + p (int or regint)
    :param parties: the number of parties, fixed when compiling (int); by default any from 2 to 8
    :param one_port: listen on exactly this port at each party (bool)
    :returns: the first argument for deliver(), ask() and receive()
    """
    _check_compiler()
    _check_main_tape('connect')
    if parties is not None and not (_is_integer(parties) and 2 <= parties <= 256):
        raise CompilerError('shareferry: parties must be an integer from 2 to 256, or omitted, not %s'
                            % _shown(parties))
    if not isinstance(one_port, bool):
        raise CompilerError('shareferry: one_port must be True or False, not %s' % _shown(one_port))
    # Party p listens on port + p, and there are at least two parties.
    port = _number('port', port, 1, LAST_PORT if one_port else LAST_PORT + 1 - (parties or 2))
    crash(get_thread_number() != 0)
    if isinstance(port, regint):
        _check_port(port, one_port)
    if one_port:
        # MP-SPDZ adds the party number.
        port = regint.conv(port) - get_player_id()._v
    listen_for_clients(port)
    client = accept_client_connection(port)
    # Drawn and opened by all parties together: fresh in each run, and no party can choose it.
    run = regint(sint.get_random(size=2).reveal())
    check_point()
    ferry = Ferry(client, [parties] if parties else range(2, MOST_PARTIES + 1), run)
    number = get_number_of_players()
    _check_number_of_parties(number, ferry.parties)
    print_str('Shareferry: run ')
    _print_hex(run)
    print_ln('')
    regint.write_to_socket(client, [
        regint(MAGIC), regint(VERSION), _at(run, 0), _at(run, 1), regint.conv(get_player_id()._v), number,
        regint.conv(get_threshold())])
    break_point('shareferry-greeted')
    # A whole share of zero. Its length distinguishes kinds of protocols. All its bytes are zero, so it reveals nothing
    # about a MAC key.
    sint(0).write_fully_to_socket(client)
    break_point('shareferry-kind')
    _exchange_keys(ferry)
    return ferry


@_ordered_memory()
def deliver(ferry, values, recipient=0, label=0, scheme='committed', chunk=None):
    """Delivers values to a client. When it returns, this party's shares are sealed to the client and stored, and will
    be sent. If that fails, the service stops the program.

    :param ferry: the return value of connect()
    :param values: sint or sfix, as a register (vector), Array, Matrix, MultiArray or list
    :param recipient: the client's number, 0 to 9999 (int or regint)
    :param label: a number that identifies the delivery for the client, signed, 64 bits (int or regint)
    :param scheme: committed (the default), batched, quintuple, triple, or additive, which cannot be checked
    :param chunk: values per chunk, up to 65536; fewer if a value has several elements (int)
    """
    if not isinstance(ferry, Ferry):
        raise CompilerError('shareferry: the first argument of deliver() must be the return value of connect()')
    if not isinstance(scheme, str) or scheme not in SCHEMES:
        raise CompilerError('shareferry: scheme must be one of %s, not %s' % (', '.join(SCHEMES), _shown(scheme)))
    _check_chunk(chunk, scheme)
    _check_main_tape('deliver')
    recipient = _number('recipient', recipient, 0, LAST_CLIENT)
    label = _number('label', label, FIRST_LABEL, LAST_LABEL)
    # In another thread, the check below would cover only that thread's openings.
    crash(get_thread_number() != 0)
    address, n, precision = _in_memory(values, MAX_COMMITTED_COUNT if scheme == 'committed' else MAX_COUNT)
    chunk = min(chunk or (COMMITTED_CHUNK if scheme == 'committed' else CHUNK), n)
    # All earlier openings are checked before shares are sent. Otherwise a party that shifted an opening could see,
    # together with the client, values that the program never outputs. This also keeps the loads below after all stores.
    check_point()
    _write_head(ferry, recipient, SCHEMES[scheme][0], n, chunk, precision, label, 0)
    _export(ferry, address, n, chunk, scheme)
    if scheme == 'committed':
        _commit(ferry, address, n)
    _stop_if_refused(ferry, regint.read_from_socket(ferry.client), 'shareferry-acknowledged')


@_ordered_memory()
def ask(ferry, count, sender=0, label=0, value_type=sint, bits=None, chunk=None):
    """Asks a client for private inputs. It does not wait for them; receive() does. So a program can ask several clients
    before it waits for the first. If the service cannot ask, it stops the program.

    :param ferry: the return value of connect()
    :param count: the number of values (int)
    :param sender: the client's number, 0 to 9999 (int or regint)
    :param label: a number that identifies the request for the client, signed, 64 bits (int or regint)
    :param value_type: sint, or an sfix type
    :param bits: an honest client gives only integers from -2^(bits-1) to 2^(bits-1)-1; the default is the range of the
        type. A client that cheats is not bound by it: if the range matters, the program must check it (int)
    :param chunk: values per chunk, up to 65536 (int)
    :returns: the argument for receive()
    """
    if not isinstance(ferry, Ferry):
        raise CompilerError('shareferry: the first argument of ask() and receive() must be the return value of '
                            'connect()')
    if not (_is_integer(count) and 1 <= count <= MAX_ASKED):
        raise CompilerError('shareferry: count must be an integer from 1 to %d, not %s' % (MAX_ASKED, _shown(count)))
    _check_type(value_type, 'received')
    _check_chunk(chunk, 'committed')
    if bits is None:
        bits = value_type.k if _is_fixed(value_type) else min(_compiler.Program.prog.bit_length + 1, MAX_BITS)
    if not (_is_integer(bits) and 1 <= bits <= MAX_BITS):
        raise CompilerError('shareferry: bits must be an integer from 1 to %d, not %s' % (MAX_BITS, _shown(bits)))
    _check_main_tape('ask')
    sender = _number('sender', sender, 0, LAST_CLIENT)
    label = _number('label', label, FIRST_LABEL, LAST_LABEL)
    # See deliver() for this and for the first check_point().
    crash(get_thread_number() != 0)
    chunk = min(chunk or COMMITTED_CHUNK, count)
    values = value_type.Array(count)
    head = regint.Array(HEAD_WORDS)
    check_point()
    _write_head(ferry, sender, ASK, count, chunk, value_type.f if _is_fixed(value_type) else 0, label, bits, head)
    _each_chunk(count, chunk, lambda start, size: _export_random(ferry, values.address + start, size))
    _commit(ferry, values.address, count)
    _stop_if_refused(ferry, regint.read_from_socket(ferry.client), 'shareferry-asked')
    return Asked(ferry, values, count, chunk, head)


@_ordered_memory()
def receive(ferry, count=None, sender=0, label=0, value_type=sint, bits=None, chunk=None):
    """Waits for private inputs of a client and returns them. If the client refuses or does not answer in time, the
    service stops the program.

    :param ferry: the return value of connect(), with the parameters of ask(); or the return value of ask(), alone
    :returns: Array of value_type
    """
    if isinstance(ferry, Asked):
        if any(value is not None for value in (count, bits, chunk)) or value_type is not sint or not all(
                _is_integer(value) and value == 0 for value in (sender, label)):
            raise CompilerError('shareferry: after ask(), call receive() with its return value alone; the parameters '
                                'belong to ask()')
        asked = ferry
    else:
        asked = ask(ferry, count, sender, label, value_type, bits, chunk)
    ferry = asked.ferry
    _check_main_tape('receive')
    crash(get_thread_number() != 0)
    _check_service(ferry)
    head = asked.head.get_vector()
    words = [_at(head, i) for i in range(HEAD_WORDS)]
    words[2] = regint(TAKE)
    regint.write_to_socket(ferry.client, words)
    break_point('shareferry-take')
    digest = regint.Array(4)
    _read_words(ferry, digest, 'shareferry-input')

    def tell_digests(parties):
        own = digest.get_vector()
        regint.write_to_socket(ferry.client, _exchange(parties, lambda p, q: own))
        break_point('shareferry-told')

    _for_parties(ferry, tell_digests)
    # The service answers 0 only if all parties have the same answer.
    _stop_if_refused(ferry, regint.read_from_socket(ferry.client), 'shareferry-agreed')
    _each_chunk(asked.count, asked.chunk, lambda start, size: _unhide(ferry, asked.values.address + start, size))
    return asked.values


# ---------------------------------------------------------------------------------------------------------------
# Checks when compiling


def _check_compiler():
    if not hasattr(_instructions, 'call_tape') or not hasattr(_instructions, 'sendpersonal'):
        raise CompilerError('shareferry: this MP-SPDZ is older than 0.3.9, where revealing to clients leaks; use '
                            '0.3.9 or newer')
    options = _compiler.Program.prog.options
    if options.binary or options.garbled:
        raise CompilerError('shareferry: only values of arithmetic domains can be delivered; compile without -B and -G')
    prime = int(options.prime) if options.prime else 0
    if 0 < prime < 2 ** 66:
        raise CompilerError('shareferry: primes below 2^66 cannot hold 64-bit words; use a larger prime')


def _check_chunk(chunk, scheme):
    most = min(MAX_CHUNK, MAX_CHUNK_ELEMENTS // SCHEMES[scheme][1])
    if chunk is not None and not (_is_integer(chunk) and 1 <= chunk <= most):
        raise CompilerError('shareferry: chunk must be an integer from 1 to %d for %s, not %s'
                            % (most, scheme, _shown(chunk)))


def _is_integer(value):
    return isinstance(value, int) and not isinstance(value, bool)


def _number(name, value, least, most):
    """:returns: the value as an int in the range, or as a single regint"""
    if isinstance(value, MemValue):
        value = value.read()
    if _is_integer(value) and least <= value <= most or isinstance(value, regint) and value.size == 1:
        return value
    raise CompilerError('shareferry: %s must be an integer from %d to %d, or a single regint, not %s'
                        % (name, least, most, _shown(value)))


def _shown(value):
    """Describes a value that is not accepted."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return repr(value)
    name = type(value).__name__
    return 'a %s of size %d' % (name, value.size) if isinstance(value, regint) else 'a value of type %s' % name


def _check_port(port, one_port):
    """Checks a port that is known only at run time; sockets would use it modulo 2^16."""
    last = port if one_port else port + get_number_of_players() - 1

    @if_((port < 1) + (last > LAST_PORT))
    def _():
        print_ln('Shareferry: port %s must be from 1 to %s minus the highest party number.', port, LAST_PORT)
        crash()


def _check_main_tape(what):
    prog = _compiler.Program.prog
    if prog.curr_tape is not prog.tapes[0]:
        raise CompilerError('shareferry: call %s() on the main thread, outside of functions that run on tapes of their '
                            'own' % what)


def _check_number_of_parties(number, supported):
    known = regint(0)
    for n in supported:
        known += (number == n)

    @if_(known == 0)
    def _():
        print_ln('Shareferry: the program was not compiled for %s parties; call connect(port, parties=...) with this '
                 'number.', number)
        crash()


def _in_memory(values, most):
    """
    :param most: the maximum number of values
    :returns: the address of n consecutive sint in memory, n, and the precision f"""
    if isinstance(values, MemValue):
        values = values.read()
    if isinstance(values, (Array, SubMultiArray)):
        value_type = values.value_type
        n = values.total_size()
        if not isinstance(n, int):
            raise CompilerError('shareferry: the number of values must be known when compiling')
        _check_type(value_type)
        _checked_count(n, most)
        return _address(values), n, value_type.f if _is_fixed(value_type) else 0
    if isinstance(values, (list, tuple)):
        parts = list(values)
    else:
        parts = [values]
    _checked_count(len(parts), most)
    precisions = set()
    registers = []
    for part in parts:
        if isinstance(part, MemValue):
            part = part.read()
        if isinstance(part, (Array, SubMultiArray, list, tuple)):
            raise CompilerError('shareferry: a list may contain only sint or sfix; deliver arrays one by one, or as a '
                                'Matrix')
        _check_type(type(part))
        precisions.add(part.f if _is_fixed(type(part)) else 0)
        registers.append(part.v if _is_fixed(type(part)) else part)
    if len(precisions) > 1:
        raise CompilerError('shareferry: all values of a delivery must have the same precision')
    n = sum(register.size for register in registers)
    memory = sint.Array(n)
    position = 0
    for register in registers:
        register.store_in_mem(memory.address + position)
        position += register.size
    return memory.address, _checked_count(n, most), precisions.pop()


def _address(container):
    return container.address


def _is_fixed(value_type):
    return issubclass(value_type, sfix)


def _check_type(value_type, what='delivered'):
    if not isinstance(value_type, type) or not issubclass(value_type, (sint, sfix)):
        raise CompilerError('shareferry: only sint and sfix can be %s, not %s'
                            % (what, value_type.__name__ if isinstance(value_type, type) else _shown(value_type)))
    if value_type.mem_size() != 1 or value_type.n_elements() != 1:
        raise CompilerError('shareferry: each value of %s has several shares, which is not supported'
                            % value_type.__name__)


def _checked_count(n, most):
    if n < 1:
        raise CompilerError('shareferry: there are no values to deliver')
    if n > most:
        raise CompilerError('shareferry: there are %d values; a delivery in this scheme can have at most %d'
                            % (n, most))
    return n


# ---------------------------------------------------------------------------------------------------------------
# Messages and errors


def _at(vector, index):
    """One element of a register vector."""
    return vector[index]


def _stop_if_refused(ferry, words, name):
    """Stops the program if a message is an error: a number followed by zeros.

    :param words: a register vector that was just read
    """
    first = _at(words, 0) if words.size > 1 else words
    refused = (first >= FIRST_ERROR) * (first <= LAST_ERROR)
    for i in range(1, min(words.size, REFUSAL_WORDS)):
        refused = refused * (_at(words, i) == 0)

    @if_(refused)
    def _():
        print_str('Shareferry: the party-service stopped this program with error %s', first)
        for number, text in ERRORS.items():
            print_str_if(first == number, ': ' + text)
        print_str('. See its log for run ')
        _print_hex(ferry.run)
        print_ln('')
        crash()
    if words.size == 1:
        # An acknowledgement is 0; any other word is an error, too.
        crash(first != 0)
    break_point(name)


def _check_service(ferry):
    """Stops the program unless this party's own service is on the socket. Write nothing between this check and the head
    of the delivery.
    """
    told = regint.read_from_socket(ferry.client, size=2)
    _stop_if_refused(ferry, told, 'shareferry-secret')
    known = ferry.secret.get_vector()

    # No word of a secret is 0. If one is, connect() did not run.
    @if_((_at(told, 0) != _at(known, 0)) + (_at(told, 1) != _at(known, 1))
         + (_at(known, 0) == 0) + (_at(known, 1) == 0))
    def _():
        print_ln('Shareferry: the client on socket %s is not the party-service; nothing was written to it. '
                 'Check whether a client of this program uses the same number.', ferry.client)
        crash()
    break_point('shareferry-service-known')


def _write_head(ferry, client, what, n, chunk, precision, label, bits, kept=None):
    """Checks that the service is connected, and sends it the head of the next message.

    :param kept: an Array for the words, if they are needed again
    """
    _check_service(ferry)
    sequence = ferry.sequence.read()
    ferry.sequence.write(sequence + 1)
    words = [sequence, regint.conv(client), regint(what), regint(n), regint(chunk), regint(precision),
             regint.conv(label), regint(bits)]
    if kept is not None:
        for i, word in enumerate(words):
            word.store_in_mem(kept.address + i)
    regint.write_to_socket(ferry.client, words)
    break_point('shareferry-head')


def _print_hex(words):
    """Prints a register vector of 64-bit words as the party-service writes them."""
    bits = words.bit_decompose(64)
    digits = regint.Array(16 * words.size)
    for word in range(words.size):
        for i in range(16):
            high = 63 - 4 * i
            digits[16 * word + i] = sum(_at(bits[high - j], word) << (3 - j) for j in range(4))

    @for_range(len(digits))
    def _(i):
        shown = digits[i]
        for digit in range(16):
            print_str_if(shown == digit, '%x' % digit)


def _for_parties(ferry, body):
    """Runs body(n) for the number of parties that compute: senders and receivers are fixed at compile time."""
    if len(ferry.parties) == 1:
        body(ferry.parties[0])
        return
    for n in ferry.parties:
        @if_(get_number_of_players() == n)
        def _():
            body(n)


def _exchange(n, word_of):
    """Sends words to every party, from VM to VM.

    :param word_of: (from, to) -> register vector of the sender's words
    :returns: the received words for each ordered pair, ascending; random to all except the receiver
    """
    received = []
    for p in range(n):
        for q in range(n):
            if p != q:
                told = personal(p, cint(word_of(p, q))).reveal_to(q)
                received.append(told._v.to_regint(64, **_UNSYNCHRONIZED))
    return received


def _exchange_keys(ferry):
    most = max(ferry.parties)
    words = regint.Array(2 * most + 2)
    words.assign_all(0)

    def read(n):
        regint.read_from_socket(ferry.client, size=2 * n + 2).store_in_mem(words.address)
        break_point('shareferry-keys')
        regint.load_mem(regint.inc(2, words.address + 2 * n)).store_in_mem(ferry.secret.address)

    def pass_on(n):
        def key(p, q):
            return regint.load_mem(regint.inc(2, words.address + q, n))
        regint.write_to_socket(ferry.client, _exchange(n, key))
        break_point('shareferry-paired')

    _for_parties(ferry, read)
    _stop_if_refused(ferry, words.get_vector(), 'shareferry-keys-read')
    _for_parties(ferry, pass_on)


# ---------------------------------------------------------------------------------------------------------------
# Shares


def _each_chunk(n, chunk, body):
    """Runs body(first value, size) for each chunk. The code is the same for any number of chunks."""
    whole = n // chunk
    if whole == 1:
        body(0, chunk)
    elif whole > 1:
        @for_range(whole)
        def _(i):
            body(i * chunk, chunk)
            break_point('shareferry-chunk')
    if n % chunk:
        body(whole * chunk, n % chunk)
    break_point('shareferry-chunks')


def _export(ferry, address, n, chunk, scheme):
    """One message of interleaved shares for each chunk."""
    _each_chunk(n, chunk, lambda start, size: _export_chunk(ferry, address + start, size, scheme))


def _export_random(ferry, address, size):
    """Shares of fresh random values, which stay in memory."""
    r = sint.get_random(size=size)
    r.store_in_mem(address)
    sint.write_shares_to_socket(ferry.client, [r])
    break_point('shareferry-random')


def _unhide(ferry, address, size):
    """x = m - r, where r is in memory and m comes from the service."""
    m = cint.read_from_socket(ferry.client, size=size)
    (m - sint.load_mem(address, size=size)).store_in_mem(address)
    break_point('shareferry-unhidden')


def _export_chunk(ferry, address, size, scheme):
    x = sint.load_mem(address, size=size)
    if scheme in ('additive', 'committed'):
        # Value shares only: MAC shares of known values give the MAC key away.
        sint.write_shares_to_socket(ferry.client, [x])
        return
    y = _hide_upper_bits(x, size)
    tail = None
    if scheme == 'batched':
        r, v, u = sint.get_random(), sint.get_random(), None
        u = v * r
        registers = [y, y * r.expand_to_vector(size)]
        tail = [r, v, u]
    else:
        r = sint.get_random(size=size)
        if scheme == 'triple':
            registers = [y, r, y * r]
        else:
            v = sint.get_random(size=size)
            registers = [y, r, v, y * r, v * r]
    # The multiplications are checked before their results are sent.
    check_point()
    sint.write_shares_to_socket(ferry.client, registers)
    if tail:
        sint.write_shares_to_socket(ferry.client, tail)


def _hide_upper_bits(x, size):
    """In a ring, the bits above those of the value would reveal how it was computed."""
    prog = _compiler.Program.prog
    if not prog.options.ring:
        # A field has none. But a program compiled without -R that requires nothing of its field also runs in a ring,
        # and would reveal all bits there. With a required length, VMs of rings refuse it.
        prog.curr_tape.require_bit_length(1 if prog.options.prime else 66)
        return x
    m = sint.get_random(size=size)
    return x + (m - m.reveal())


# ---------------------------------------------------------------------------------------------------------------
# Committed: nothing is multiplied. The party-services commit to all shares by digests and toss a coin. The VMs open 64
# masked combinations that the coin decides.
#
# THE ORDER IS A SECURITY PROPERTY: masks, digests, CHECK, coin shares, offsets and bits, open T, CHECK, write T. A
# service sends its coin share only after it has the digests of all parties. A combination is sent only after it was
# checked. The compiler moves nothing across break_point() and check_point(); inside a block, the dependencies between
# reads and writes keep the order.


def _commit(ferry, address, n):
    cells, bits, sums = ferry.tables()
    masks = sint.get_random(size=MASKS)
    masks.store_in_mem(sums.address)
    sint.write_shares_to_socket(ferry.client, [masks])
    break_point('shareferry-masks')

    own = regint.Array(8)
    _read_words(ferry, own, 'shareferry-digest')

    def tell_commitments(parties):
        words = own.get_vector()
        pairs = _exchange(parties, lambda p, q: words)
        # All computation so far is checked before a service sends its coin share.
        check_point()
        regint.write_to_socket(ferry.client, pairs)
        break_point('shareferry-committed')

    def tell_coin_shares(parties):
        words = share.get_vector()
        regint.write_to_socket(ferry.client, _exchange(parties, lambda p, q: words))
        break_point('shareferry-coin')

    _for_parties(ferry, tell_commitments)
    share = regint.Array(4)
    _read_words(ferry, share, 'shareferry-coin-share')
    _for_parties(ferry, tell_coin_shares)

    rows = -(-n // ROW)
    offsets = regint.Array(rows * TABLES)
    _read_words(ferry, offsets, 'shareferry-offsets')
    _read_bits(ferry, bits)
    _fold(address, n, offsets, cells)
    opened = _combine(cells, bits, sums).reveal()
    # Combinations are sent only after the MAC check.
    check_point()
    cint.write_to_socket(ferry.client, [opened])
    break_point('shareferry-combinations')


def _read_words(ferry, array, name):
    regint.read_from_socket(ferry.client, size=len(array)).store_in_mem(array.address)
    break_point(name)
    # Not elements of the vector that was read: each costs the compiler time, and there may be millions.
    head = regint.load_mem(regint.inc(min(len(array), REFUSAL_WORDS), array.address))
    _stop_if_refused(ferry, head, name + '-read')


def _read_bits(ferry, bits):
    """Word by word, least significant bit first, one memory cell each."""
    words = regint.read_from_socket(ferry.client, size=BIT_WORDS)
    for i, bit in enumerate(words.bit_decompose(64)):
        cint(bit).store_in_mem(regint.inc(BIT_WORDS, bits.address + i, 64))
    break_point('shareferry-bits')


def _fold(address, n, offsets, cells):
    """Adds each row of values to each table from the row's offset on."""
    sint(0, size=TABLES * CELLS).store_in_mem(cells.address)
    break_point('shareferry-cleared')

    def add_row(row, size):
        x = sint.load_mem(address + row * ROW, size=size)
        # Not offsets[...]: it checks the index each time, which makes this loop 10 % slower.
        offset = regint.load_mem(regint.inc(TABLES, row * TABLES + offsets.address))
        for table in range(TABLES):
            place = regint.inc(size, _at(offset, table) + (cells.address + table * CELLS))
            (sint.load_mem(place) + x).store_in_mem(place)
            # The compiler does not know the addresses of load and store, so it would not keep their order.
            break_point('shareferry-row')

    if n >= ROW:
        @for_range(n // ROW)
        def _(row):
            add_row(row, ROW)
    if n % ROW:
        add_row(regint(n // ROW), n % ROW)


def _combine(cells, bits, sums):
    """T_j = v_j + sum over i of b_(i+j) y_i, for all j at once."""
    @for_range(TABLES * CELLS)
    def _(i):
        chosen = cint.load_mem(bits.address + i, size=MASKS)
        y = sint.load_mem(cells.address + i).expand_to_vector(MASKS)
        total = sint.load_mem(sums.address, size=MASKS) + y * chosen
        total.store_in_mem(sums.address)
        break_point('shareferry-cell')
    return sint.load_mem(sums.address, size=MASKS)
