"""confluent-kafka (librdkafka inside) against a broker: `python confluent.py --bootstrap HOST:PORT`."""

import importlib.metadata
import signal
import subprocess
import sys
import threading
import time

import confluent_kafka
from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    ConsumerGroupTopicPartitions,
    KafkaError,
    KafkaException,
    Producer,
    TopicCollection,
    TopicPartition,
)
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
    OffsetSpec,
    ResourceType,
)

from harness import CODECS, expect, expect_that, parser, quick_start, records_to_send, run, security, unique

arguments = parser.parse_args()
common = {"bootstrap.servers": arguments.bootstrap, **security()}
admin = AdminClient(common)


# --- what the checks are made of


def with_topic(partitions, body, **config):
    topic = unique("confluent")
    admin.create_topics([NewTopic(topic, partitions, config=config)], operation_timeout=10)[topic].result()
    # Apache Kafka's brokers learn of a topic a moment after it was created.
    wait_until(lambda: topic in admin.list_topics(timeout=5).topics, lambda: "the topic is not listed")
    try:
        body(topic)
    finally:
        admin.delete_topics([topic])[topic].result()


def send(topic, records, partition=0, **config):
    """Sends (key, value, headers, timestamp) and gives the offsets that the broker acknowledged, in order."""
    offsets, problems = [], []

    def delivered(error, message):
        if error is not None:
            problems.append(error)
        else:
            offsets.append(message.offset())

    producer = Producer({**common, "linger.ms": 20, **config})
    for key, value, headers, timestamp in records:
        while True:
            try:
                producer.produce(
                    topic, value, key, partition, on_delivery=delivered, timestamp=timestamp, headers=headers
                )
                break
            except BufferError:
                producer.poll(0.1)
    expect(producer.flush(15), 0, "records still waiting for an acknowledgement after 15 s")
    expect(problems, [], "delivery reports with an error")
    return offsets


def values(words):
    return [(None, word.encode(), [], 0) for word in words]


def read(consumer, count, limit=10):
    """The next `count` messages of a consumer."""
    messages, until = [], time.monotonic() + limit
    while len(messages) < count and time.monotonic() < until:
        for message in consumer.consume(count - len(messages), 0.2):
            expect(message.error(), None, "error of a consumed message")
            messages.append(message)
    expect(len(messages), count, f"messages that arrived within {limit} s")
    return messages


def assigned(topic, partition=0, offset=OFFSET_BEGINNING, **config):
    consumer = Consumer({**common, "group.id": unique("unused"), "enable.auto.commit": False, **config})
    consumer.assign([TopicPartition(topic, partition, offset)])
    return consumer


def round_trip(topic, records, **config):
    start = len(send(topic, records, **config))
    consumer = assigned(topic)
    messages = read(consumer, start)
    consumer.close()
    for index, (message, (key, value, headers, timestamp)) in enumerate(zip(messages, records)):
        what = f"of record {index}"
        expect(message.offset(), index, f"offset {what}")
        expect(message.key(), key, f"key {what}")
        expect(message.value(), value, f"value {what}")
        expect(message.headers() or [], headers, f"headers {what}")
        expect(message.timestamp(), (confluent_kafka.TIMESTAMP_CREATE_TIME, timestamp), f"timestamp {what}")


class Member:
    """One member of a group, polled by its own thread, that remembers what it was assigned and what it read."""

    def __init__(self, group, topic, **config):
        self.owned, self.seen, self.changes = set(), [], 0
        self.consumer = Consumer(
            {
                **common,
                "group.id": group,
                "auto.offset.reset": "earliest",
                "session.timeout.ms": 6000,
                "heartbeat.interval.ms": 300,
                "topic.metadata.refresh.interval.ms": 1000,
                "enable.auto.commit": False,
                **config,
            }
        )
        self.consumer.subscribe([topic], on_assign=self.take, on_revoke=self.give, on_lost=self.give)
        self.ended = False
        self.thread = threading.Thread(target=self.poll, daemon=True)
        self.thread.start()

    def take(self, _consumer, partitions):
        self.changes += 1
        self.owned |= {p.partition for p in partitions}

    def give(self, _consumer, partitions):
        self.changes += 1
        self.owned -= {p.partition for p in partitions}

    def poll(self):
        while not self.ended:
            message = self.consumer.poll(0.05)
            if message is not None and message.error() is None:
                self.seen.append((message.partition(), message.offset()))
                self.consumer.commit(message=message, asynchronous=False)

    def leave(self):
        self.ended = True
        self.thread.join()
        self.consumer.close()


def wait_until(condition, what, limit=12):
    until = time.monotonic() + limit
    while not condition():
        expect_that(time.monotonic() < until, f"{what()} after {limit} s")
        time.sleep(0.02)


def becomes(answer, expected, what):
    """Waits for an answer: what one broker was told, Apache Kafka's others learn a moment later."""
    last = [None]

    def asked():
        try:
            last[0] = answer()
        except KafkaException as unknown:
            last[0] = unknown
        return last[0] == expected

    wait_until(asked, lambda: f"{what}: expected {expected!r}, got {last[0]!r}")


# --- the checks


def describe_cluster():
    cluster = admin.describe_cluster().result()
    expect_that(len(cluster.nodes) > 0, "describe cluster lists no broker")
    expect_that(cluster.controller is not None, "describe cluster names no controller")
    listed = admin.list_topics(timeout=10)
    expect(sorted(listed.brokers), sorted(n.id for n in cluster.nodes), "broker ids of Metadata and DescribeCluster")
    expect(listed.cluster_id, cluster.cluster_id, "cluster id of Metadata and DescribeCluster")


def topics():
    topic = unique("confluent")
    admin.create_topics([NewTopic(topic, 3)])[topic].result()
    try:
        admin.create_topics([NewTopic(topic, 3)])[topic].result()
        expect_that(False, "creating a topic twice succeeded; expected TOPIC_ALREADY_EXISTS")
    except KafkaException as problem:
        expect(problem.args[0].code(), KafkaError.TOPIC_ALREADY_EXISTS, "error of creating a topic twice")
    wait_until(lambda: topic in admin.list_topics(timeout=5).topics, lambda: "the topic is not listed")
    described = admin.describe_topics(TopicCollection([topic]))[topic].result()
    expect([p.id for p in described.partitions], [0, 1, 2], "partitions of the created topic")
    expect_that(all(p.leader is not None and p.isr for p in described.partitions), "a partition has no leader or ISR")
    admin.create_partitions([NewPartitions(topic, 5)])[topic].result()
    wait_until(
        lambda: len(admin.describe_topics(TopicCollection([topic]))[topic].result().partitions) == 5,
        lambda: "the topic has not grown to 5 partitions",
    )
    try:
        admin.create_partitions([NewPartitions(topic, 2)])[topic].result()
        expect_that(False, "fewer partitions than there are were accepted; expected INVALID_PARTITIONS")
    except KafkaException as problem:
        expect(problem.args[0].code(), KafkaError.INVALID_PARTITIONS, "error of fewer partitions")
    admin.delete_topics([topic])[topic].result()
    wait_until(lambda: topic not in admin.list_topics(timeout=5).topics, lambda: "a deleted topic is still listed")
    try:
        admin.delete_topics([topic])[topic].result()
        expect_that(False, "deleting a topic twice succeeded; expected UNKNOWN_TOPIC_OR_PARTITION")
    except KafkaException as problem:
        expect(problem.args[0].code(), KafkaError.UNKNOWN_TOPIC_OR_PART, "error of deleting a topic twice")


def codec(name):
    return lambda: with_topic(1, lambda topic: round_trip(topic, records_to_send(), **{"compression.type": name}))


def idempotent():
    config = {"enable.idempotence": True, "compression.type": "lz4"}
    with_topic(1, lambda topic: round_trip(topic, records_to_send(), **config))


def acks(setting):
    def body(topic):
        words = [f"{setting}-{i}" for i in range(100)]
        send(topic, values(words), acks=setting)
        consumer = assigned(topic)
        expect([m.value().decode() for m in read(consumer, 100)], words, f"what acks={setting} wrote")
        consumer.close()

    return lambda: with_topic(1, body)


def too_large():
    def body(topic):
        try:
            send(topic, [(None, b"x" * 5000, [], 0)])
            expect_that(False, "5,000 bytes were accepted under max.message.bytes=1000")
        except Exception as problem:
            expect_that("MSG_SIZE_TOO_LARGE" in str(problem), f"expected MSG_SIZE_TOO_LARGE, got {problem}")

    with_topic(1, body, **{"max.message.bytes": "1000"})


def unknown_topic():
    consumer = Consumer({**common, "group.id": unique("g")})
    consumer.subscribe([unique("missing")])
    message = consumer.poll(10)
    expect_that(message is not None and message.error() is not None, "no error for a topic that does not exist")
    expect(message.error().code(), KafkaError.UNKNOWN_TOPIC_OR_PART, "error for a topic that does not exist")
    consumer.close()


def offsets_for_times():
    def body(topic):
        base = 1_700_000_000_000
        send(topic, [(None, b"v", [], base + 1000 * i) for i in range(20)])
        consumer = assigned(topic)

        def offset_at(timestamp):
            return consumer.offsets_for_times([TopicPartition(topic, 0, timestamp)], timeout=10)[0].offset

        expect(offset_at(base), 0, "offset for the first timestamp")
        expect(offset_at(base + 4500), 5, "offset for a time between two records")
        expect(offset_at(base + 19_000), 19, "offset for the last timestamp")
        expect(offset_at(base + 19_001), -1, "offset for a time after the last record")
        expect(consumer.get_watermark_offsets(TopicPartition(topic, 0), timeout=10), (0, 20), "watermarks")
        consumer.close()
        by_spec = {
            OffsetSpec.earliest(): 0,
            OffsetSpec.latest(): 20,
            OffsetSpec.max_timestamp(): 19,
            OffsetSpec.for_timestamp(base + 1): 1,
        }
        for spec, expected in by_spec.items():
            answer = list(admin.list_offsets({TopicPartition(topic, 0): spec}).values())[0].result()
            expect(answer.offset, expected, f"list offsets {spec!r}")

    with_topic(1, body)


def earliest_and_latest():
    def body(topic):
        send(topic, values(["old"]))
        latest = Consumer({**common, "group.id": unique("g"), "auto.offset.reset": "latest"})
        latest.subscribe([topic])
        wait_until(lambda: latest.poll(0.1) is None and latest.assignment(), lambda: "no assignment")
        # The position is only looked up at the first fetch: a record sent before it would not be new.
        time.sleep(1)
        latest.poll(0)
        send(topic, values(["new"]))
        expect(read(latest, 1)[0].value(), b"new", "first record read from latest")
        earliest = Consumer({**common, "group.id": unique("g"), "auto.offset.reset": "earliest"})
        earliest.subscribe([topic])
        expect([m.value() for m in read(earliest, 2)], [b"old", b"new"], "records read from earliest")
        latest.close()
        earliest.close()

    with_topic(1, body)


def group(strategy, contiguous):
    def body(topic):
        name = unique("group")
        first = Member(name, topic, **{"partition.assignment.strategy": strategy})
        wait_until(lambda: first.owned == set(range(6)), lambda: f"the only member owns {first.owned}, not all of 6")
        second = Member(name, topic, **{"partition.assignment.strategy": strategy})

        def split():
            return len(first.owned) == len(second.owned) == 3 and not first.owned & second.owned

        wait_until(split, lambda: f"two members own {first.owned} and {second.owned}, not 3 of 6 each")
        if contiguous:
            parts = sorted([sorted(first.owned), sorted(second.owned)])
            expect(parts, [[0, 1, 2], [3, 4, 5]], "parts of the range assignor")
        for partition in range(6):
            send(topic, values([f"{partition}-{i}" for i in range(5)]), partition)
        wait_until(
            lambda: len(first.seen) + len(second.seen) >= 30,
            lambda: f"the members read {len(first.seen)} and {len(second.seen)} of 30 records",
        )
        expect(sorted(first.seen + second.seen), [(p, o) for p in range(6) for o in range(5)], "what both read, once")
        first.leave()
        wait_until(
            lambda: second.owned == set(range(6)), lambda: f"after the other left, the member owns {second.owned}"
        )
        send(topic, values(["more"]), 0)
        wait_until(lambda: (0, 5) in second.seen, lambda: "the remaining member does not read a further record")
        second.leave()
        # A new member starts at the committed offsets: it sees nothing old.
        send(topic, values(["after the restart"]), 3)
        third = Member(name, topic, **{"partition.assignment.strategy": strategy})
        wait_until(lambda: third.seen, lambda: "a restarted member reads nothing new")
        expect(third.seen, [(3, 5)], "what a restarted group reads")
        third.leave()
        # Asked through another consumer: `committed` never returns beside a thread that polls the same one.
        reader = Consumer({**common, "group.id": name})
        committed = reader.committed([TopicPartition(topic, p) for p in range(6)], timeout=10)
        expect([c.offset for c in committed], [6, 5, 5, 6, 5, 5], "committed offsets after the restart")
        reader.close()
        admin.delete_consumer_groups([name])[name].result()

    return lambda: with_topic(6, body)


def static_membership():
    def body(topic):
        name = unique("static")
        first = Member(name, topic, **{"group.instance.id": "one"})
        second = Member(name, topic, **{"group.instance.id": "two"})
        wait_until(lambda: len(first.owned) == len(second.owned) == 2, lambda: "two static members do not share 4")
        parts, changes = (set(first.owned), set(second.owned)), second.changes
        first.leave()
        again = Member(name, topic, **{"group.instance.id": "one"})
        wait_until(lambda: again.owned == parts[0], lambda: f"a restarted static member owns {again.owned}")
        time.sleep(0.7)
        expect(second.owned, parts[1], "assignment of the other static member")
        expect(second.changes, changes, "rebalances that the other member saw while a static one restarted")
        again.leave()
        second.leave()

    with_topic(4, body)


def offset_reset():
    def body(topic):
        send(topic, values([str(i) for i in range(10)]))
        deleted = admin.delete_records([TopicPartition(topic, 0, 4)])
        expect(list(deleted.values())[0].result().low_watermark, 4, "low watermark after delete records")
        for policy, expected in {"earliest": 4, "latest": 10}.items():
            consumer = assigned(topic, offset=100, **{"auto.offset.reset": policy})
            if policy == "latest":
                consumer.poll(1)
                send(topic, values(["10"]))
            expect(read(consumer, 1)[0].offset(), expected, f"first offset after a reset to {policy}")
            consumer.close()
        consumer = assigned(topic, offset=1, **{"auto.offset.reset": "error"})
        message = consumer.poll(10)
        expect_that(message is not None and message.error() is not None, "no error for a deleted offset")
        expect(message.error().code(), KafkaError._AUTO_OFFSET_RESET, "error for a deleted offset without a reset")
        consumer.close()

    with_topic(1, body)


def configs():
    def body(topic):
        resource = ConfigResource(ResourceType.TOPIC, topic)

        def described(name):
            return admin.describe_configs([resource])[resource].result()[name]

        becomes(lambda: described("retention.ms").value, "86400000", "retention.ms as created")
        becomes(lambda: described("cleanup.policy").is_default, True, "cleanup.policy is the default")
        change = ConfigResource(
            ResourceType.TOPIC,
            topic,
            incremental_configs=[
                ConfigEntry("retention.ms", "1000000", incremental_operation=AlterConfigOpType.SET),
                ConfigEntry("cleanup.policy", "compact", incremental_operation=AlterConfigOpType.APPEND),
            ],
        )
        admin.incremental_alter_configs([change])[change].result()
        becomes(lambda: described("retention.ms").value, "1000000", "retention.ms after an incremental change")
        becomes(lambda: described("cleanup.policy").value, "delete,compact", "cleanup.policy after an append")
        wrong = ConfigResource(
            ResourceType.TOPIC,
            topic,
            incremental_configs=[ConfigEntry("no.such.thing", "1", incremental_operation=AlterConfigOpType.SET)],
        )
        try:
            admin.incremental_alter_configs([wrong])[wrong].result()
            expect_that(False, "an unknown config was accepted")
        except KafkaException as problem:
            expect(problem.args[0].code(), KafkaError.INVALID_CONFIG, "error of an unknown config")
        replaced = ConfigResource(ResourceType.TOPIC, topic, set_config={"segment.bytes": "2000000"})
        admin.alter_configs([replaced])[replaced].result()
        becomes(lambda: described("segment.bytes").value, "2000000", "segment.bytes after alter configs")
        becomes(lambda: described("retention.ms").is_default, True, "alter configs replaces everything: retention.ms is the default")
        node = str(admin.describe_cluster().result().nodes[0].id)
        broker = ConfigResource(ResourceType.BROKER, node)
        expect_that(len(admin.describe_configs([broker])[broker].result()) > 0, "a broker has no configs")

    with_topic(1, body, **{"retention.ms": "86400000"})


def groups():
    def body(topic):
        name = unique("admin")
        send(topic, values(["a", "b", "c"]))
        member = Member(name, topic)
        wait_until(lambda: len(member.seen) == 3, lambda: "the member does not read")
        described = admin.describe_consumer_groups([name])[name].result()
        expect(described.state.name, "STABLE", "state of a group with a member")
        expect(len(described.members), 1, "members of the group")
        expect(
            [(p.topic, p.partition) for p in described.members[0].assignment.topic_partitions],
            [(topic, 0)],
            "assignment of the member",
        )
        expect(described.partition_assignor, "range", "assignor of the group")
        listed = admin.list_consumer_groups().result()
        expect(listed.errors, [], "errors of listing groups")
        expect([g.state.name for g in listed.valid if g.group_id == name], ["STABLE"], "state of the listed group")
        try:
            admin.delete_consumer_groups([name])[name].result()
            expect_that(False, "a group with a member was deleted")
        except KafkaException as problem:
            expect(problem.args[0].code(), KafkaError.NON_EMPTY_GROUP, "error of deleting a group in use")
        member.leave()
        wanted = ConsumerGroupTopicPartitions(name, [TopicPartition(topic, 0)])
        found = admin.list_consumer_group_offsets([wanted])[name].result()
        expect([p.offset for p in found.topic_partitions], [3], "committed offset of the group")
        change = ConsumerGroupTopicPartitions(name, [TopicPartition(topic, 0, 1)])
        admin.alter_consumer_group_offsets([change])[name].result()
        found = admin.list_consumer_group_offsets([wanted])[name].result()
        expect([p.offset for p in found.topic_partitions], [1], "committed offset after it was altered")
        admin.delete_consumer_groups([name])[name].result()
        listed = admin.list_consumer_groups().result()
        expect([g for g in listed.valid if g.group_id == name], [], "a deleted group is not listed")
        try:
            admin.delete_consumer_groups([name])[name].result()
            expect_that(False, "a group that is gone was deleted")
        except KafkaException as problem:
            expect(problem.args[0].code(), KafkaError.GROUP_ID_NOT_FOUND, "error of deleting a group twice")

    with_topic(1, body)


def elect_leaders():
    def body(topic):
        partition = TopicPartition(topic, 0)
        answer = admin.elect_leaders(confluent_kafka.ElectionType.PREFERRED, [partition]).result()
        error = list(answer.values())[0]
        expect(error.code(), KafkaError.ELECTION_NOT_NEEDED, "election where the preferred leader leads")

    with_topic(1, body)


def quick_starts():
    """The examples of the package's own readme, with the address, the topic's data and an end put around them."""
    readme = importlib.metadata.distribution("confluent-kafka").read_text("METADATA")
    address = {"'mybroker'": repr(arguments.bootstrap)}
    produce = quick_start(readme, ["AIOProducer", "mytopic", "hello"], {'"mybroker"': repr(arguments.bootstrap)})
    consume = quick_start(readme, ["from confluent_kafka import Consumer", "mytopic"], address)
    subprocess.run([sys.executable, "-c", produce], check=True, timeout=15)
    # The readme's consumer reads for ever; whoever interrupts it wants it to leave its group.
    ended = f"try: exec({consume!r})\nexcept KeyboardInterrupt: c.close()"
    consumer = subprocess.Popen([sys.executable, "-u", "-c", ended], stdout=subprocess.PIPE, text=True)
    try:
        line = consumer.stdout.readline()
        expect(line, "Received message: hello\n", "what the readme's consumer prints")
    finally:
        consumer.send_signal(signal.SIGINT)
        consumer.wait()
        admin.delete_topics(["mytopic"])["mytopic"].result()


run(
    "confluent-kafka",
    f"{confluent_kafka.version()} (librdkafka {confluent_kafka.libversion()[0]})"
    if isinstance(confluent_kafka.version(), str)
    else f"{confluent_kafka.version()[0]} (librdkafka {confluent_kafka.libversion()[0]})",
    [
        ("describe cluster", describe_cluster),
        ("create, list, describe, grow and delete topics", topics),
        *[(f"produce and consume, {name}", codec(name)) for name in CODECS],
        ("idempotent producer", idempotent),
        *[(f"acks={setting}", acks(setting)) for setting in ["0", "1", "all"]],
        ("too large a message is refused", too_large),
        ("unknown topic", unknown_topic),
        ("offsets for times", offsets_for_times),
        ("from earliest and latest", earliest_and_latest),
        ("group of two, range", group("range", True)),
        ("group of two, cooperative-sticky", group("cooperative-sticky", False)),
        ("static membership", static_membership),
        ("delete records and offset reset", offset_reset),
        ("configs", configs),
        ("groups and their offsets", groups),
        ("elect leaders", elect_leaders),
        ("quick start", quick_starts),
    ],
    arguments,
)
