import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.*;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.AppInfoParser;

/** The Java producer, consumer and admin client against a broker: {@code java Clients --bootstrap HOST:PORT}. */
final class Clients {
  private final Checks checks;
  private final Admin admin;

  public static void main(String[] args) {
    new Clients(new Checks(args)).run();
  }

  private Clients(Checks checks) {
    this.checks = checks;
    this.admin = Admin.create(checks.settings());
  }

  private void run() {
    checks.add("describe cluster", this::describeCluster);
    checks.add("create, list, describe, grow and delete topics", this::topics);
    for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
      checks.add("produce and consume, " + codec, () -> roundTrip(Map.of("compression.type", codec)));
    }
    checks.add("producer without idempotence", () -> roundTrip(Map.of("enable.idempotence", "false")));
    for (String acks : List.of("0", "1", "all")) checks.add("acks=" + acks, () -> acknowledgements(acks));
    checks.add("too large a record is refused", this::tooLarge);
    checks.add("offsets for times", this::offsetsForTimes);
    checks.add("delete records and offset reset", this::deleteRecords);
    checks.add("group of two, range", () -> group("org.apache.kafka.clients.consumer.RangeAssignor", true));
    checks.add("group of two, cooperative-sticky", () -> group("org.apache.kafka.clients.consumer.CooperativeStickyAssignor", false));
    checks.add("static membership", this::staticMembership);
    checks.add("groups and their offsets", this::groupOffsets);
    checks.add("configs", this::configs);
    checks.add("elect leaders", this::electLeaders);
    checks.add("reassign partitions", this::reassignment);
    checks.add("log directories", this::logDirs);
    checks.add("quick start", this::quickStart);
    checks.run("java clients", AppInfoParser.getVersion());
  }

  // What the checks are made of.

  private interface Body {
    void run(String topic) throws Exception;
  }

  private void withTopic(int partitions, Map<String, String> configs, Body body) throws Exception {
    String topic = Checks.unique("java");
    admin.createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty()).configs(configs))).all().get();
    awaitTopic(topic);
    try {
      body.run(topic);
    } finally {
      admin.deleteTopics(List.of(topic)).all().get();
    }
  }

  /** Apache Kafka's brokers learn of a topic a moment after it was created. */
  private void awaitTopic(String topic) throws Exception {
    Checks.waitUntil(() -> {
      try {
        return admin.describeTopics(List.of(topic)).allTopicNames().get().containsKey(topic);
      } catch (ExecutionException unknown) {
        return false;
      }
    }, () -> "the created topic is not described");
  }

  private List<RecordMetadata> send(List<ProducerRecord<byte[], byte[]>> records, Map<String, String> config) throws Exception {
    Properties settings = checks.settings();
    settings.putAll(config);
    settings.putIfAbsent("linger.ms", "20");
    try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      List<Future<RecordMetadata>> answers = new ArrayList<>();
      for (var one : records) answers.add(producer.send(one));
      producer.flush();
      List<RecordMetadata> result = new ArrayList<>();
      for (var answer : answers) result.add(answer.get());
      return result;
    }
  }

  private static List<ProducerRecord<byte[], byte[]>> words(String topic, int partition, String... words) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (String word : words) records.add(new ProducerRecord<>(topic, partition, null, bytes(word)));
    return records;
  }

  private KafkaConsumer<byte[], byte[]> consumer(Map<String, String> config) {
    Properties settings = checks.settings();
    settings.put("enable.auto.commit", "false");
    settings.putAll(config);
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private List<ConsumerRecord<byte[], byte[]>> readAll(String topic, int count) {
    try (var consumer = consumer(Map.of())) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      return read(consumer, count);
    }
  }

  private static List<ConsumerRecord<byte[], byte[]>> read(KafkaConsumer<byte[], byte[]> consumer, int count) {
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    long until = System.nanoTime() + 10_000_000_000L;
    while (found.size() < count && System.nanoTime() < until) consumer.poll(Duration.ofMillis(100)).forEach(found::add);
    Checks.expect(found.size(), count, "records read within 10 s");
    return found;
  }

  /** Records that are easily lost or confused: nulls, nothing, all bytes, much, many. */
  private static List<ProducerRecord<byte[], byte[]>> peculiar(String topic) {
    long now = System.currentTimeMillis() - 60_000;
    byte[] every = new byte[256];
    for (int i = 0; i < 256; i++) every[i] = (byte) i;
    byte[] compresses = new byte[200_000];
    byte[][][] plain = {
      {bytes("key"), bytes("value")},
      {null, bytes("null key")},
      {bytes("null value"), null},
      {bytes(""), bytes("")},
      {null, null},
      {every, every},
      {bytes("ключ"), bytes("значение 🚀")},
      {bytes("compresses"), compresses},
      {bytes("large"), Checks.noise(900 * 1024, 7)},
    };
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (byte[][] one : plain) records.add(new ProducerRecord<>(topic, 0, now + records.size(), one[0], one[1]));
    records.add(new ProducerRecord<>(topic, 0, now + records.size(), bytes("headers"), bytes("v"), List.of(
        new RecordHeader("one", bytes("1")), new RecordHeader("one", bytes("again")), new RecordHeader("empty", bytes("")),
        new RecordHeader("null", (byte[]) null), new RecordHeader("bytes", every))));
    for (int i = 0; i < 200; i++) {
      records.add(new ProducerRecord<>(topic, 0, now + records.size(), bytes(String.valueOf(i)), Checks.noise(i, i)));
    }
    return records;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A member of a group in its own thread: what it owns, what it has read and committed, how often it was rebalanced. */
  private final class Member {
    final Set<Integer> owned = Collections.synchronizedSet(new TreeSet<>());
    final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    volatile int changes = 0;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;

    Member(String group, String topic, String assignor, String instance) {
      Map<String, String> config = new java.util.HashMap<>(Map.of("group.id", group, "auto.offset.reset", "earliest",
          "partition.assignment.strategy", assignor, "session.timeout.ms", "6000", "heartbeat.interval.ms", "300",
          "metadata.max.age.ms", "1000", "fetch.max.wait.ms", "100"));
      if (instance != null) config.put("group.instance.id", instance);
      consumer = consumer(config);
      consumer.subscribe(List.of(topic), new ConsumerRebalanceListener() {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
          if (!partitions.isEmpty()) changes++;
          partitions.forEach(one -> owned.remove(one.partition()));
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
          if (!partitions.isEmpty()) changes++;
          partitions.forEach(one -> owned.add(one.partition()));
        }
      });
      thread = new Thread(this::poll);
      thread.start();
    }

    private void poll() {
      try {
        while (true) {
          var records = consumer.poll(Duration.ofMillis(100));
          for (var one : records) seen.add(one.partition() + ":" + one.offset());
          if (!records.isEmpty()) consumer.commitSync();
        }
      } catch (WakeupException end) {
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(5)));
      }
    }

    void leave() throws InterruptedException {
      consumer.wakeup();
      thread.join();
    }
  }

  private static final String RANGE = "org.apache.kafka.clients.consumer.RangeAssignor";

  // The checks.

  private void describeCluster() throws Exception {
    var cluster = admin.describeCluster();
    List<Integer> ids = cluster.nodes().get().stream().map(Node::id).toList();
    Checks.expectThat(ids.contains(cluster.controller().get().id()), "the controller is none of the brokers " + ids);
    Checks.expectThat(!cluster.clusterId().get().isEmpty(), "the cluster has no id");
  }

  private void topics() throws Exception {
    String topic = Checks.unique("java");
    var created = admin.createTopics(List.of(new NewTopic(topic, Optional.of(3), Optional.empty())));
    created.all().get();
    Checks.expect(created.numPartitions(topic).get(), 3, "partitions in the answer to create topics");
    Checks.expectError("TopicExistsException", "creating a topic twice",
        () -> admin.createTopics(List.of(new NewTopic(topic, 1, (short) -1))).all().get());
    awaitTopic(topic);
    Checks.expectThat(admin.listTopics().names().get().contains(topic), "the created topic is not listed");
    var described = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
    Checks.expect(described.topicId(), created.topicId(topic).get(), "topic id");
    Checks.expect(described.partitions().size(), 3, "partitions");
    Checks.expect(admin.describeTopics(TopicCollection.ofTopicIds(List.of(described.topicId()))).allTopicIds().get()
        .get(described.topicId()).name(), topic, "name of the topic described by its id");
    admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(5))).all().get();
    Checks.waitUntil(() -> admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().size() == 5,
        () -> "the topic has not grown to 5 partitions");
    Checks.expectError("InvalidPartitionsException", "fewer partitions",
        () -> admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(2))).all().get());
    Checks.expectError("InvalidReplicationFactorException", "more replicas than brokers",
        () -> admin.createTopics(List.of(new NewTopic(Checks.unique("java"), 1, (short) 100))).all().get());
    Checks.expectError("InvalidTopicException", "a topic name with a space",
        () -> admin.createTopics(List.of(new NewTopic("no such name", 1, (short) -1))).all().get());
    admin.deleteTopics(List.of(topic)).all().get();
    Checks.waitUntil(() -> !admin.listTopics().names().get().contains(topic), () -> "a deleted topic is listed");
    Checks.expectError("UnknownTopicOrPartitionException", "deleting a topic twice",
        () -> admin.deleteTopics(List.of(topic)).all().get());
  }

  private void roundTrip(Map<String, String> config) throws Exception {
    withTopic(1, Map.of(), topic -> {
      var sent = peculiar(topic);
      var answers = send(sent, config);
      var found = readAll(topic, sent.size());
      for (int i = 0; i < sent.size(); i++) {
        Checks.expect(answers.get(i).offset(), (long) i, "acknowledged offset of record " + i);
        Checks.expect(found.get(i).offset(), (long) i, "offset of record " + i);
        Checks.expect(found.get(i).key(), sent.get(i).key(), "key of record " + i);
        Checks.expect(found.get(i).value(), sent.get(i).value(), "value of record " + i);
        Checks.expect(found.get(i).headers(), sent.get(i).headers(), "headers of record " + i);
        Checks.expect(found.get(i).timestamp(), sent.get(i).timestamp(), "timestamp of record " + i);
      }
    });
  }

  private void acknowledgements(String acks) throws Exception {
    withTopic(1, Map.of(), topic -> {
      String[] words = IntStream.range(0, 100).mapToObj(i -> acks + "-" + i).toArray(String[]::new);
      send(words(topic, 0, words), Map.of("acks", acks, "enable.idempotence", "false"));
      var found = readAll(topic, 100).stream().map(one -> new String(one.value(), StandardCharsets.UTF_8)).toList();
      Checks.expect(found, List.of(words), "what acks=" + acks + " wrote");
    });
  }

  private void tooLarge() throws Exception {
    withTopic(1, Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "1000"), topic -> Checks.expectError("RecordTooLargeException",
        "5,000 bytes where 1,000 may be", () -> send(words(topic, 0, "x".repeat(5000)), Map.of())));
  }

  private void offsetsForTimes() throws Exception {
    withTopic(1, Map.of(), topic -> {
      long base = 1_700_000_000_000L;
      List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
      for (int i = 0; i < 20; i++) records.add(new ProducerRecord<>(topic, 0, base + 1000L * i, null, bytes("v")));
      send(records, Map.of());
      TopicPartition partition = new TopicPartition(topic, 0);
      try (var consumer = consumer(Map.of())) {
        Map<Long, Long> expected = Map.of(base, 0L, base + 4500, 5L, base + 19_000, 19L);
        for (var one : expected.entrySet()) {
          var found = consumer.offsetsForTimes(Map.of(partition, one.getKey())).get(partition);
          Checks.expect(found.offset(), one.getValue(), "offset for the time +" + (one.getKey() - base));
        }
        Checks.expect(consumer.offsetsForTimes(Map.of(partition, base + 19_001)).get(partition), null, "offset for a later time");
        Checks.expect(consumer.beginningOffsets(List.of(partition)).get(partition), 0L, "beginning offset");
        Checks.expect(consumer.endOffsets(List.of(partition)).get(partition), 20L, "end offset");
      }
      Map<OffsetSpec, Long> specs = Map.of(OffsetSpec.earliest(), 0L, OffsetSpec.latest(), 20L, OffsetSpec.maxTimestamp(), 19L,
          OffsetSpec.forTimestamp(base + 1), 1L);
      for (var one : specs.entrySet()) {
        var found = admin.listOffsets(Map.of(partition, one.getKey())).partitionResult(partition).get();
        Checks.expect(found.offset(), one.getValue(), "list offsets, " + one.getKey().getClass().getSimpleName());
      }
    });
  }

  private void deleteRecords() throws Exception {
    withTopic(1, Map.of(), topic -> {
      send(words(topic, 0, "0", "1", "2", "3", "4", "5"), Map.of());
      TopicPartition partition = new TopicPartition(topic, 0);
      var low = admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(4))).lowWatermarks().get(partition).get();
      Checks.expect(low.lowWatermark(), 4L, "low watermark after delete records");
      Checks.expectError("OffsetOutOfRangeException", "deleting what is not there",
          () -> admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(100))).all().get());
      for (String policy : List.of("earliest", "latest", "none")) {
        try (var consumer = consumer(Map.of("auto.offset.reset", policy))) {
          consumer.assign(List.of(partition));
          consumer.seek(partition, 1);
          if (policy.equals("none")) {
            Checks.expectError("OffsetOutOfRangeException", "a deleted offset without a reset", () -> read(consumer, 1));
          } else if (policy.equals("earliest")) {
            Checks.expect(read(consumer, 2).get(0).offset(), 4L, "first offset after a reset to the earliest");
          } else {
            consumer.poll(Duration.ofSeconds(1));
            send(words(topic, 0, "6"), Map.of());
            Checks.expect(read(consumer, 1).get(0).offset(), 6L, "first offset after a reset to the latest");
          }
        }
      }
    });
  }

  private void group(String assignor, boolean contiguous) throws Exception {
    withTopic(6, Map.of(), topic -> {
      String name = Checks.unique("group");
      Member first = new Member(name, topic, assignor, null);
      Checks.waitUntil(() -> first.owned.size() == 6, () -> "the only member owns " + first.owned);
      Member second = new Member(name, topic, assignor, null);
      Checks.waitUntil(() -> first.owned.size() == 3 && second.owned.size() == 3,
          () -> "two members own " + first.owned + " and " + second.owned);
      Set<Integer> both = new TreeSet<>(first.owned);
      both.addAll(second.owned);
      Checks.expect(both, Set.of(0, 1, 2, 3, 4, 5), "what both own");
      if (contiguous) {
        Set<Set<Integer>> parts = Set.of(Set.copyOf(first.owned), Set.copyOf(second.owned));
        Checks.expect(parts, Set.of(Set.of(0, 1, 2), Set.of(3, 4, 5)), "parts of the range assignor");
      }
      for (int p = 0; p < 6; p++) send(words(topic, p, "a", "b"), Map.of());
      Checks.waitUntil(() -> first.seen.size() + second.seen.size() >= 12,
          () -> "the members read " + first.seen + " and " + second.seen);
      Set<String> seen = new TreeSet<>(first.seen);
      seen.addAll(second.seen);
      Checks.expect(seen.size(), 12, "different records that both read");
      Checks.expect(first.seen.size() + second.seen.size(), 12, "records that both read");
      first.leave();
      Checks.waitUntil(() -> second.owned.size() == 6, () -> "after the other left, the member owns " + second.owned);
      second.leave();
      send(words(topic, 3, "c"), Map.of());
      Member third = new Member(name, topic, assignor, null);
      Checks.waitUntil(() -> !third.seen.isEmpty(), () -> "a restarted group reads nothing");
      third.leave();
      Checks.expect(third.seen, List.of("3:2"), "what a restarted group reads");
      admin.deleteConsumerGroups(List.of(name)).all().get();
    });
  }

  private void staticMembership() throws Exception {
    withTopic(4, Map.of(), topic -> {
      String name = Checks.unique("static");
      Member first = new Member(name, topic, RANGE, "one");
      Member second = new Member(name, topic, RANGE, "two");
      Checks.waitUntil(() -> first.owned.size() == 2 && second.owned.size() == 2,
          () -> "two static members own " + first.owned + " and " + second.owned);
      Set<Integer> before = Set.copyOf(first.owned);
      int changes = second.changes;
      first.leave();
      Member again = new Member(name, topic, RANGE, "one");
      Checks.waitUntil(() -> again.owned.size() == 2, () -> "a restarted static member owns " + again.owned);
      Thread.sleep(700);
      Checks.expect(Set.copyOf(again.owned), before, "what a restarted static member owns");
      Checks.expect(second.changes, changes, "rebalances of the other member while a static one restarted");
      again.leave();
      second.leave();
      admin.removeMembersFromConsumerGroup(name, new RemoveMembersFromConsumerGroupOptions()).all().get();
      admin.deleteConsumerGroups(List.of(name)).all().get();
    });
  }

  private void groupOffsets() throws Exception {
    withTopic(2, Map.of(), topic -> {
      String name = Checks.unique("offsets");
      TopicPartition zero = new TopicPartition(topic, 0);
      TopicPartition one = new TopicPartition(topic, 1);
      send(words(topic, 0, "a", "b", "c"), Map.of());
      Member member = new Member(name, topic, RANGE, null);
      Checks.waitUntil(() -> member.seen.size() == 3, () -> "the member read " + member.seen);
      var described = admin.describeConsumerGroups(List.of(name)).all().get().get(name);
      Checks.expect(described.groupState(), GroupState.STABLE, "state of the group");
      Checks.expect(described.partitionAssignor(), "range", "assignor of the group");
      Checks.expect(described.members().iterator().next().assignment().topicPartitions(), Set.of(zero, one), "assignment");
      var listed = admin.listGroups().all().get().stream().filter(group -> group.groupId().equals(name)).toList();
      Checks.expect(listed.stream().map(group -> group.groupState().get()).toList(), List.of(GroupState.STABLE), "listed state");
      Checks.expectError("GroupNotEmptyException", "deleting a group in use",
          () -> admin.deleteConsumerGroups(List.of(name)).all().get());
      Checks.expectError("GroupSubscribedToTopicException", "deleting offsets of a topic that a member reads",
          () -> admin.deleteConsumerGroupOffsets(name, Set.of(zero)).all().get());
      member.leave();
      var committed = admin.listConsumerGroupOffsets(name).partitionsToOffsetAndMetadata().get();
      Checks.expect(committed.get(zero).offset(), 3L, "committed offset");
      admin.alterConsumerGroupOffsets(name, Map.of(zero, new OffsetAndMetadata(1, "note"), one, new OffsetAndMetadata(0))).all().get();
      committed = admin.listConsumerGroupOffsets(name).partitionsToOffsetAndMetadata().get();
      Checks.expect(committed.get(zero), new OffsetAndMetadata(1, "note"), "committed offset after it was altered");
      admin.deleteConsumerGroupOffsets(name, Set.of(one)).all().get();
      committed = admin.listConsumerGroupOffsets(name).partitionsToOffsetAndMetadata().get();
      Checks.expect(committed.keySet(), Set.of(zero), "partitions with a committed offset after one was deleted");
      admin.deleteConsumerGroups(List.of(name)).all().get();
      Checks.expectThat(admin.listGroups().all().get().stream().noneMatch(group -> group.groupId().equals(name)), "a deleted group is listed");
      Checks.expectError("GroupIdNotFoundException", "deleting a group twice",
          () -> admin.deleteConsumerGroups(List.of(name)).all().get());
    });
  }

  private void configs() throws Exception {
    withTopic(1, Map.of("retention.ms", "86400000"), topic -> {
      ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
      awaitConfig(resource, "retention.ms", "86400000", false);
      awaitConfig(resource, "cleanup.policy", "delete", true);
      admin.incrementalAlterConfigs(Map.of(resource, List.of(
          new AlterConfigOp(new ConfigEntry("cleanup.policy", "compact"), AlterConfigOp.OpType.APPEND),
          new AlterConfigOp(new ConfigEntry("segment.bytes", "2000000"), AlterConfigOp.OpType.SET),
          new AlterConfigOp(new ConfigEntry("retention.ms", ""), AlterConfigOp.OpType.DELETE)))).all().get();
      awaitConfig(resource, "cleanup.policy", "delete,compact", false);
      awaitConfig(resource, "segment.bytes", "2000000", false);
      awaitConfig(resource, "retention.ms", "604800000", true);
      Checks.expectError("InvalidConfigurationException", "an unknown config", () -> admin.incrementalAlterConfigs(
          Map.of(resource, List.of(new AlterConfigOp(new ConfigEntry("no.such", "1"), AlterConfigOp.OpType.SET)))).all().get());
      String id = String.valueOf(admin.describeCluster().nodes().get().iterator().next().id());
      ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, id);
      var entries = admin.describeConfigs(List.of(broker)).all().get().get(broker).entries();
      Checks.expectThat(!entries.isEmpty(), "a broker has no configs");
    });
  }

  /** What one broker was told, Apache Kafka's others learn a moment later. */
  private void awaitConfig(ConfigResource resource, String name, String value, boolean isDefault) throws Exception {
    String[] last = {"nothing"};
    Checks.waitUntil(() -> {
      try {
        ConfigEntry entry = admin.describeConfigs(List.of(resource)).all().get().get(resource).get(name);
        last[0] = String.valueOf(entry);
        return entry != null && entry.value().equals(value) && entry.isDefault() == isDefault;
      } catch (ExecutionException unknown) {
        last[0] = unknown.toString();
        return false;
      }
    }, () -> name + ": expected " + value + (isDefault ? ", the default" : "") + ", got " + last[0]);
  }

  private void electLeaders() throws Exception {
    withTopic(1, Map.of(), topic -> Checks.expectError("ElectionNotNeededException", "election where the preferred leader leads",
        () -> admin.electLeaders(ElectionType.PREFERRED, Set.of(new TopicPartition(topic, 0))).all().get()));
  }

  private void reassignment() throws Exception {
    withTopic(1, Map.of(), topic -> {
      TopicPartition partition = new TopicPartition(topic, 0);
      List<Integer> reversed = new ArrayList<>(replicas(topic));
      Collections.reverse(reversed);
      admin.alterPartitionReassignments(Map.of(partition, Optional.of(new NewPartitionReassignment(reversed)))).all().get();
      Checks.waitUntil(() -> replicas(topic).equals(reversed), () -> "the replicas are not in the new order");
      Checks.waitUntil(() -> admin.listPartitionReassignments().reassignments().get().isEmpty(), () -> "a reassignment goes on");
      Checks.expectError("NoReassignmentInProgressException", "cancelling what does not go on",
          () -> admin.alterPartitionReassignments(Map.of(partition, Optional.empty())).all().get());
    });
  }

  private List<Integer> replicas(String topic) throws Exception {
    return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().get(0).replicas().stream()
        .map(Node::id).collect(Collectors.toList());
  }

  private void logDirs() throws Exception {
    withTopic(1, Map.of(), topic -> {
      send(words(topic, 0, "a", "b"), Map.of());
      List<Integer> ids = admin.describeCluster().nodes().get().stream().map(Node::id).toList();
      long size = admin.describeLogDirs(ids).allDescriptions().get().values().stream()
          .flatMap(dirs -> dirs.values().stream()).flatMap(dir -> dir.replicaInfos().entrySet().stream())
          .filter(entry -> entry.getKey().topic().equals(topic)).mapToLong(entry -> entry.getValue().size()).sum();
      Checks.expectThat(size > 0, "the log directories have " + size + " bytes of a topic with records");
    });
  }

  private void quickStart() throws Exception {
    String address = "\"" + checks.bootstrap + "\"";
    String produce = QuickStart.example("org/apache/kafka/clients/producer/KafkaProducer.java", "new KafkaProducer<>(props)", "\"my-topic\"");
    String consume = QuickStart.example("org/apache/kafka/clients/consumer/KafkaConsumer.java", "enable.auto.commit\", \"true", "subscribe");
    Checks.expectThat(produce.contains("\"localhost:9092\"") && consume.contains("\"localhost:9092\""), "the address is another one");
    StringBuffer output = new StringBuffer();
    QuickStart.start(QuickStart.compile("Produce", produce.replace("\"localhost:9092\"", address)), output).join();
    var found = readAll("my-topic", 100);
    Checks.expect(new String(found.get(99).value(), StandardCharsets.UTF_8), "99", "the last value that the example sent");

    var topics = List.of(new NewTopic("foo", 1, (short) -1), new NewTopic("bar", 1, (short) -1));
    admin.createTopics(topics).all().get();
    awaitTopic("foo");
    awaitTopic("bar");
    Thread example = QuickStart.start(QuickStart.compile("Consume", consume.replace("\"localhost:9092\"", address)), output);
    Checks.waitUntil(() -> {
      // The example reads from the end, which is looked up after it has joined: so it is sent to until it says something.
      send(List.of(new ProducerRecord<>("foo", bytes("k"), bytes("hello"))), Map.of());
      return output.toString().contains("key = k, value = hello");
    }, () -> "the documentation's consumer printed " + output);
    example.interrupt();
    example.join();
    admin.removeMembersFromConsumerGroup("test", new RemoveMembersFromConsumerGroupOptions()).all().get();
    admin.deleteConsumerGroups(List.of("test")).all().get();
    admin.deleteTopics(List.of("my-topic", "foo", "bar")).all().get();
  }
}
