"""librdkafka's mock cluster as a process: librdkafka-mock.py --brokers N.

It is driven through the librdkafka that the confluent-kafka wheel brings, which is newer than any distribution's. It says
where it listens in one line of JSON on stdout, {"ready": true, "bootstrap": "HOST:PORT,…", "name": "…"}, and ends when
stdin closes or at SIGTERM, so that it does not outlive whoever started it.
"""

import argparse
import ctypes
import json
import signal
import sys
from pathlib import Path

import confluent_kafka

PRODUCER = 0


def library() -> ctypes.CDLL:
    """The wheel's own librdkafka; importing confluent_kafka has loaded it already."""
    beside = Path(confluent_kafka.__file__).parent.parent / "confluent_kafka.libs"
    found = sorted(beside.glob("librdkafka-*.so*"))
    if not found:
        sys.exit(f"there is no librdkafka in {beside.name}: install the confluent-kafka wheel for Linux")
    return ctypes.CDLL(str(found[0]))


def start(rdkafka: ctypes.CDLL, brokers: int) -> str:
    """Starts the cluster and gives its addresses. Whatever fails says why and ends the process."""
    rdkafka.rd_kafka_conf_new.restype = ctypes.c_void_p
    rdkafka.rd_kafka_conf_set.argtypes = [ctypes.c_void_p, *[ctypes.c_char_p] * 3, ctypes.c_size_t]
    rdkafka.rd_kafka_new.restype = ctypes.c_void_p
    rdkafka.rd_kafka_new.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]
    rdkafka.rd_kafka_mock_cluster_new.restype = ctypes.c_void_p
    rdkafka.rd_kafka_mock_cluster_new.argtypes = [ctypes.c_void_p, ctypes.c_int]
    rdkafka.rd_kafka_mock_cluster_bootstraps.restype = ctypes.c_char_p
    rdkafka.rd_kafka_mock_cluster_bootstraps.argtypes = [ctypes.c_void_p]
    rdkafka.rd_kafka_mock_group_initial_rebalance_delay_ms.argtypes = [ctypes.c_void_p, ctypes.c_int32]
    why = ctypes.create_string_buffer(512)
    # The cluster belongs to a client, which asks for nothing itself, and need not warn that it knows nobody to ask.
    settings = rdkafka.rd_kafka_conf_new()
    rdkafka.rd_kafka_conf_set(settings, b"log_level", b"3", why, len(why))
    client = rdkafka.rd_kafka_new(PRODUCER, settings, why, len(why))
    if client is None:
        sys.exit(f"librdkafka made no client: {why.value.decode()}")
    cluster = rdkafka.rd_kafka_mock_cluster_new(client, brokers)
    if cluster is None:
        sys.exit(f"librdkafka made no mock cluster of {brokers} brokers")
    # As for Apache Kafka: a group that waits three seconds for more members would be most of a group's time.
    rdkafka.rd_kafka_mock_group_initial_rebalance_delay_ms(cluster, 0)
    return rdkafka.rd_kafka_mock_cluster_bootstraps(cluster).decode()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--brokers", type=int, default=1)
    bootstrap = start(library(), parser.parse_args().brokers)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    name = f"librdkafka {confluent_kafka.libversion()[0]} mock cluster"
    print(json.dumps({"ready": True, "bootstrap": bootstrap, "name": name}), flush=True)
    sys.stdin.read()


main()
