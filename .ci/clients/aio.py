"""aiokafka against a broker: `python aio.py --bootstrap HOST:PORT`.

Its admin client cannot delete groups, so the groups of its checks stay until the broker forgets them.
"""

import asyncio
import importlib.metadata
import signal
import ssl
import subprocess
import sys
import time

import aiokafka
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic, RecordsToDelete
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.errors import (
    InvalidPartitionsError,
    MessageSizeTooLargeError,
    TopicAlreadyExistsError,
    UnknownTopicOrPartitionError,
)

from harness import CODECS, expect, expect_that, parser, quick_start, records_to_send, run, security, unique

arguments = parser.parse_args()
# This client wants a number of replicas, and does not know the broker's default.
REPLICAS = min(3, len(arguments.bootstrap.split(",")))


def common():
    given = security()
    settings = {"bootstrap_servers": arguments.bootstrap.split(",")}
    if "security.protocol" in given:
        settings["security_protocol"] = given["security.protocol"]
    if "sasl.mechanism" in given:
        settings["sasl_mechanism"] = given["sasl.mechanism"]
        settings["sasl_plain_username"] = given["sasl.username"]
        settings["sasl_plain_password"] = given["sasl.password"]
    if given.get("security.protocol", "").endswith("SSL"):
        settings["ssl_context"] = ssl.create_default_context(cafile=given.get("ssl.ca.location"))
    return settings


# --- what the checks are made of


def check(body):
    """A coroutine as a check, with an admin client that is closed after it."""

    async def whole():
        admin = AIOKafkaAdminClient(**common())
        await admin.start()
        try:
            await body(admin)
        finally:
            await admin.close()

    return lambda: asyncio.run(whole())


def refused(response):
    """The error of the only answer in a response of an admin call, or None."""
    rows = getattr(response, "topic_errors", None) or getattr(response, "topic_error_codes", None)
    return rows[0][1]


def with_topic(partitions, body, **configs):
    async def whole(admin):
        topic = unique("aiokafka")
        new = NewTopic(topic, partitions, REPLICAS, topic_configs={k.replace("_", "."): v for k, v in configs.items()})
        expect(refused(await admin.create_topics([new])), 0, "error of create topics")
        await until(lambda: listed(admin, topic), lambda: "the created topic is not listed")
        try:
            await body(admin, topic)
        finally:
            await admin.delete_topics([topic])

    return check(whole)


async def listed(admin, topic):
    return topic in await admin.list_topics()


async def until(condition, what, limit=12):
    end = time.monotonic() + limit
    while True:
        answer = condition()
        if asyncio.iscoroutine(answer):
            answer = await answer
        if answer:
            return
        expect_that(time.monotonic() < end, f"{what()} after {limit} s")
        await asyncio.sleep(0.02)


async def send(topic, records, partition=0, **settings):
    producer = AIOKafkaProducer(**common(), linger_ms=5, **{"acks": "all", **settings})
    await producer.start()
    try:
        waiting = []
        for key, value, headers, timestamp in records:
            waiting.append(
                await producer.send(
                    topic, value, key=key, partition=partition, timestamp_ms=timestamp or None, headers=headers
                )
            )
        return [await one for one in waiting]
    finally:
        await producer.stop()


def words(*some):
    return [(None, word.encode(), [], None) for word in some]


async def read(topic, count, offset=0, **settings):
    consumer = AIOKafkaConsumer(**common(), **settings)
    await consumer.start()
    try:
        consumer.assign([TopicPartition(topic, 0)])
        consumer.seek(TopicPartition(topic, 0), offset)
        return [await asyncio.wait_for(consumer.getone(), 10) for _ in range(count)]
    finally:
        await consumer.stop()


class Member:
    """A member of a group, that remembers what it was assigned and what it has read."""

    def __init__(self, group, topic, assignor, **settings):
        self.seen = []
        self.consumer = AIOKafkaConsumer(
            topic,
            **common(),
            group_id=group,
            partition_assignment_strategy=[assignor],
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            session_timeout_ms=6000,
            heartbeat_interval_ms=200,
            metadata_max_age_ms=1000,
            fetch_max_wait_ms=100,
            **settings,
        )

    async def start(self):
        await self.consumer.start()
        self.task = asyncio.create_task(self.poll())
        return self

    async def poll(self):
        async for message in self.consumer:
            self.seen.append((message.partition, message.offset))
            try:
                await self.consumer.commit({TopicPartition(message.topic, message.partition): message.offset + 1})
            except aiokafka.errors.CommitFailedError:
                pass  # the group was rebalanced meanwhile, and whoever has the partition now commits

    @property
    def owned(self):
        return sorted(p.partition for p in self.consumer.assignment())

    async def leave(self):
        self.task.cancel()
        await self.consumer.stop()


# --- the checks


def codec(name):
    async def body(_admin, topic):
        # It refuses to send a record with neither key nor value.
        sent = [record for record in records_to_send() if record[0] is not None or record[1] is not None]
        settings = {"compression_type": None if name == "none" else name, "max_request_size": 1_048_576}
        answers = await send(topic, sent, **settings)
        expect([a.offset for a in answers], list(range(len(sent))), "acknowledged offsets")
        found = await read(topic, len(sent))
        for index, (message, (key, value, headers, timestamp)) in enumerate(zip(found, sent)):
            expect(message.offset, index, f"offset of record {index}")
            expect(message.key, key, f"key of record {index}")
            expect(message.value, value, f"value of record {index}")
            expect(list(message.headers), headers, f"headers of record {index}")
            expect(message.timestamp, timestamp, f"timestamp of record {index}")

    return with_topic(1, body)


async def idempotent(_admin, topic):
    await send(topic, words(*[str(i) for i in range(500)]), enable_idempotence=True)
    found = await read(topic, 500)
    expect([m.value.decode() for m in found], [str(i) for i in range(500)], "what the idempotent producer wrote")


async def acks(_admin, topic):
    for setting in [0, 1, "all"]:
        await send(topic, words(f"{setting}-a", f"{setting}-b"), acks=setting)
        # Without acknowledgements the connection may end before the broker has read everything, so it is given time.
        await asyncio.sleep(0.2 if setting == 0 else 0)
    found = [m.value.decode() for m in await read(topic, 6)]
    expect(found, ["0-a", "0-b", "1-a", "1-b", "all-a", "all-b"], "what was written")


async def too_large(_admin, topic):
    try:
        await send(topic, words("x" * 5000))
        expect_that(False, "5,000 bytes were accepted under max.message.bytes=1000")
    except MessageSizeTooLargeError:
        pass


async def topics(admin, topic):
    expect(refused(await admin.create_topics([NewTopic(topic, 3, REPLICAS)])), TopicAlreadyExistsError.errno, "error of a second creation")
    await admin.create_partitions({topic: NewPartitions(5)})

    async def grown():
        described = await admin.describe_topics([topic])
        return len(described[0]["partitions"]) == 5

    await until(grown, lambda: "the topic has not grown to 5 partitions")
    try:
        await admin.create_partitions({topic: NewPartitions(2)})
        expect_that(False, "fewer partitions were accepted")
    except InvalidPartitionsError:
        pass
    cluster = await admin.describe_cluster()
    expect_that(len(cluster["brokers"]) > 0, "describe cluster lists no broker")
    missing = await admin.delete_topics([unique("missing")])
    expect(refused(missing), UnknownTopicOrPartitionError.errno, "error of deleting an unknown topic")


async def offsets(_admin, topic):
    base = 1_700_000_000_000
    await send(topic, [(None, b"v", [], base + 1000 * i) for i in range(10)])
    partition = TopicPartition(topic, 0)
    consumer = AIOKafkaConsumer(**common())
    await consumer.start()
    try:
        for timestamp, expected in {base: 0, base + 4500: 5, base + 9000: 9}.items():
            found = await consumer.offsets_for_times({partition: timestamp})
            expect(found[partition].offset, expected, f"offset for the time +{timestamp - base}")
        expect(await consumer.offsets_for_times({partition: base + 9001}), {partition: None}, "offset for a later time")
        expect(await consumer.beginning_offsets([partition]), {partition: 0}, "beginning offset")
        expect(await consumer.end_offsets([partition]), {partition: 10}, "end offset")
    finally:
        await consumer.stop()


async def delete_records(admin, topic):
    await send(topic, words("0", "1", "2", "3", "4", "5"))
    deleted = await admin.delete_records({TopicPartition(topic, 0): RecordsToDelete(before_offset=4)})
    expect(deleted, {TopicPartition(topic, 0): 4}, "low watermark after delete records")
    found = await read(topic, 2, offset=1, auto_offset_reset="earliest")
    expect([m.offset for m in found], [4, 5], "offsets read after a reset to the earliest")


def group(assignor, parts):
    async def body(admin, topic):
        name = unique("group")
        first = await Member(name, topic, assignor).start()
        await until(lambda: first.owned == list(range(6)), lambda: f"the only member owns {first.owned}")
        second = await Member(name, topic, assignor).start()
        await until(
            lambda: sorted([first.owned, second.owned]) == parts,
            lambda: f"two members own {first.owned} and {second.owned}, not {parts}",
        )
        for partition in range(6):
            await send(topic, words("a", "b"), partition)
        await until(
            lambda: len(first.seen) + len(second.seen) >= 12,
            lambda: f"the members read {len(first.seen)} and {len(second.seen)} of 12",
        )
        expect(sorted(first.seen + second.seen), [(p, o) for p in range(6) for o in range(2)], "what both read, once")
        await first.leave()
        await until(lambda: second.owned == list(range(6)), lambda: f"after the other left, the member owns {second.owned}")
        await second.leave()
        await send(topic, words("c"), 3)
        third = await Member(name, topic, assignor).start()
        await until(lambda: third.seen, lambda: "a restarted group reads nothing")
        await third.leave()
        expect(third.seen, [(3, 2)], "what a restarted group reads")

    return with_topic(6, body)


async def static_membership(admin, topic):
    name = unique("static")
    first = await Member(name, topic, RangePartitionAssignor, group_instance_id="one").start()
    second = await Member(name, topic, RangePartitionAssignor, group_instance_id="two").start()
    await until(
        lambda: sorted([first.owned, second.owned]) == [[0, 1], [2, 3]],
        lambda: f"two static members own {first.owned} and {second.owned}",
    )
    before = first.owned
    await first.leave()
    again = await Member(name, topic, RangePartitionAssignor, group_instance_id="one").start()
    await until(lambda: again.owned == before, lambda: f"a restarted static member owns {again.owned}, not {before}")
    await again.leave()
    await second.leave()


async def groups(admin, topic):
    name = unique("offsets")
    await send(topic, words("a", "b", "c"))
    member = await Member(name, topic, RangePartitionAssignor).start()

    async def committed():
        found = await admin.list_consumer_group_offsets(name)
        return TopicPartition(topic, 0) in found and found[TopicPartition(topic, 0)].offset == 3

    await until(committed, lambda: "offset 3 is not committed")
    expect_that(name in [g[0] for g in await admin.list_consumer_groups()], "the group is not listed")
    described = await admin.describe_consumer_groups([name])
    expect(described[0].groups[0][2], "Stable", "state of the described group")
    await member.leave()


async def configs(admin, topic):
    async def described(name):
        answer = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
        entries = [entry for response in answer for resource in response.resources for entry in resource[4]]
        return next((entry[1] for entry in entries if entry[0] == name), None)

    async def becomes(name, expected):
        async def same():
            return await described(name) == expected

        await until(same, lambda: f"{name} does not become {expected}")

    await becomes("retention.ms", "86400000")
    change = ConfigResource(ConfigResourceType.TOPIC, topic, configs={"segment.bytes": "2000000"})
    await admin.alter_configs([change])
    await becomes("segment.bytes", "2000000")
    await becomes("retention.ms", "604800000")  # alter configs replaces everything


async def quick_starts(admin):
    readme = importlib.metadata.distribution("aiokafka").read_text("METADATA")
    address = {"'localhost:9092'": repr(arguments.bootstrap)}
    produce = quick_start(readme, ["AIOKafkaProducer(", "send_and_wait"], address)
    consume = quick_start(readme, ["AIOKafkaConsumer(", "async for"], address)
    created = [NewTopic(topic, 1, REPLICAS) for topic in ["my_topic", "my_other_topic"]]
    await admin.create_topics(created)
    consumer = subprocess.Popen(
        [sys.executable, "-u", "-c", consume], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        # The consumer reads from the end, which is looked up after it has joined: so it is sent to until it says something.
        line = asyncio.create_task(asyncio.to_thread(consumer.stdout.readline))
        for _ in range(10):
            subprocess.run([sys.executable, "-c", produce], check=True, timeout=15)
            if (await asyncio.wait([line], timeout=0.5))[0]:
                break
        expect_that(line.done() and "Super message" in line.result(), "the readme's consumer printed nothing")
    finally:
        consumer.send_signal(signal.SIGINT)
        consumer.wait(10)
        await admin.delete_topics(["my_topic", "my_other_topic"])


run(
    "aiokafka",
    aiokafka.__version__,
    [
        ("create, list, describe and grow topics", with_topic(3, topics)),
        *[(f"produce and consume, {name}", codec(name)) for name in CODECS],
        ("idempotent producer", with_topic(1, idempotent)),
        ("acks 0, 1 and all", with_topic(1, acks)),
        ("too large a message is refused", with_topic(1, too_large, max_message_bytes="1000")),
        ("offsets for times", with_topic(1, offsets)),
        ("delete records and offset reset", with_topic(1, delete_records)),
        ("group of two, range", group(RangePartitionAssignor, [[0, 1, 2], [3, 4, 5]])),
        ("group of two, round robin", group(RoundRobinPartitionAssignor, [[0, 2, 4], [1, 3, 5]])),
        ("static membership", with_topic(4, static_membership)),
        ("groups and their offsets", with_topic(1, groups)),
        ("configs", with_topic(1, configs, retention_ms="86400000")),
        ("quick start", check(quick_starts)),
    ],
    arguments,
)
