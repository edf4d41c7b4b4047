"""What the Python drivers share: arguments, security settings, the records to send, and how checks run and report.

A driver is a list of named checks. Every check runs, also after one has failed, so that one run shows everything that is
wrong. The last line of stdout is JSON: {client, version, checks: [names that passed], failed: [{check, why}]}.
"""

import argparse
import json
import os
import random
import re
import signal
import sys
import time
import traceback
import uuid

parser = argparse.ArgumentParser()
parser.add_argument("--bootstrap", required=True, help="HOST:PORT[,HOST:PORT…]")
parser.add_argument("--only", help="run only the checks whose name contains this")
parser.add_argument("--limit", type=int, default=25, help="seconds that one check may take")

CODECS = ["none", "gzip", "snappy", "lz4", "zstd"]


class Wrong(Exception):
    """A sentence: what was expected and what came instead."""


def expect(actual, expected, what):
    if actual != expected:
        raise Wrong(f"{what}: expected {shown(expected)}, got {shown(actual)}")


def expect_that(condition, sentence):
    if not condition:
        raise Wrong(sentence)


def shown(value):
    text = repr(value)
    return text if len(text) <= 300 else f"{text[:300]}… ({len(text)} characters)"


def unique(word):
    """A name of a topic or group that no earlier run has used."""
    return f"{word}-{uuid.uuid4().hex[:10]}"


def security():
    """Security settings from the environment, in Kafka's names; a PEM file of trusted certificates in KAFKA_SSL_CA."""
    names = {
        "security.protocol": "KAFKA_SECURITY_PROTOCOL",
        "sasl.mechanism": "KAFKA_SASL_MECHANISM",
        "sasl.username": "KAFKA_SASL_USERNAME",
        "sasl.password": "KAFKA_SASL_PASSWORD",
        "ssl.ca.location": "KAFKA_SSL_CA",
    }
    return {name: os.environ[variable] for name, variable in names.items() if variable in os.environ}


def records_to_send(headers=True):
    """(key, value, headers, timestamp) that are easily lost or confused: nulls, nothing, all bytes, much, many."""
    noise = random.Random(7)
    now = int(time.time() * 1000) - 60_000
    every = bytes(range(256))
    plain = [
        (b"key", b"value", []),
        (None, b"null key", []),
        (b"null value", None, []),
        (b"", b"", []),
        (None, None, []),
        (every, every * 5, []),
        ("ключ".encode(), "значение 🚀".encode(), []),
        (b"headers", b"v", [("one", b"1"), ("one", b"again"), ("empty", b""), ("null", None), ("bytes", every)]),
        (b"compresses", b"a" * 200_000, []),
        (b"large", noise.randbytes(900 * 1024), []),
    ]
    some = [(str(i).encode(), noise.randbytes(i), []) for i in range(200)]
    return [(k, v, h if headers else [], now + i) for i, (k, v, h) in enumerate(plain + some)]


def quick_start(text, containing, replacements):
    """The code block of a client's own documentation that contains some words, with only the address changed."""
    blocks = re.findall(r"```python\n(.*?)```", text, re.S)
    blocks += [
        re.sub(r"^    ", "", block, flags=re.M)
        for block in re.findall(r"\.\. code-block:: python\n\n((?:    .*\n|\n)+)", text)
    ]
    block = next((b for b in blocks if all(word in b for word in containing)), None)
    expect_that(block is not None, f"the documentation has no longer a code block with {containing}")
    for old, new in replacements.items():
        expect_that(old in block, f"the documentation's code no longer contains {old}")
        block = block.replace(old, new)
    return block


def run(client, version, checks, arguments):
    def too_long(_signal, _frame):
        raise Wrong(f"did not end within {arguments.limit} s")

    signal.signal(signal.SIGALRM, too_long)
    passed, failed = [], []
    for name, check in checks:
        if arguments.only and arguments.only not in name:
            continue
        # A client's own example says nothing of names, passwords or certificates.
        if name == "quick start" and security():
            continue
        started = time.monotonic()
        signal.alarm(arguments.limit)
        try:
            check()
            passed.append(name)
            print(f"  ok {name} ({time.monotonic() - started:.1f} s)", file=sys.stderr)
        except BaseException as problem:  # whatever a client throws is a finding, not the end of the run
            if isinstance(problem, KeyboardInterrupt):
                raise
            why = str(problem) if isinstance(problem, Wrong) else f"{type(problem).__name__}: {problem}"
            failed.append({"check": name, "why": why})
            print(f"FAILED {name}: {why} ({time.monotonic() - started:.1f} s)", file=sys.stderr)
            if not isinstance(problem, Wrong) or "did not end" in why:
                traceback.print_exc(limit=-3)
        finally:
            signal.alarm(0)
    print(json.dumps({"client": client, "version": version, "checks": passed, "failed": failed}), flush=True)
    # A client that cannot end its threads must not keep a failed run alive.
    os._exit(1 if failed or not passed else 0)
