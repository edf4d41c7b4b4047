import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.Writer;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.utils.AppInfoParser;
import org.apache.kafka.common.utils.Exit;

/**
 * Kafka's command line tools against a broker: {@code java Tools --bootstrap HOST:PORT}.
 *
 * <p>They run in this one JVM, with their exit turned into an exception, because starting a JVM for each would be most of
 * the time.
 */
final class Tools {
  private static final String TOPICS = "org.apache.kafka.tools.TopicCommand";
  private static final String GROUPS = "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand";
  private static final String CONFIGS = "kafka.admin.ConfigCommand";
  private static final String PRODUCER = "org.apache.kafka.tools.ConsoleProducer";
  private static final String CONSUMER = "org.apache.kafka.tools.consumer.ConsoleConsumer";
  private static final String OFFSETS = "org.apache.kafka.tools.GetOffsetShell";
  private static final String DELETE_RECORDS = "org.apache.kafka.tools.DeleteRecordsCommand";
  private static final String REASSIGN = "org.apache.kafka.tools.reassign.ReassignPartitionsCommand";
  private static final String ELECT = "org.apache.kafka.tools.LeaderElectionCommand";
  private static final String LOG_DIRS = "org.apache.kafka.tools.LogDirsCommand";
  private static final String VERSIONS = "org.apache.kafka.tools.BrokerApiVersionsCommand";
  private static final String CLUSTER = "org.apache.kafka.tools.ClusterTool";
  private static final String LIST_GROUPS = "org.apache.kafka.tools.GroupsCommand";
  private static final String PRODUCER_PERFORMANCE = "org.apache.kafka.tools.ProducerPerformance";
  private static final String CONSUMER_PERFORMANCE = "org.apache.kafka.tools.ConsumerPerformance";

  private final Checks checks;
  private final Path config;

  public static void main(String[] args) throws Exception {
    new Tools(new Checks(args)).run();
  }

  private Tools(Checks checks) throws Exception {
    this.checks = checks;
    this.config = Files.createTempFile("tools", ".properties");
    Properties settings = checks.settings();
    settings.remove("bootstrap.servers");
    try (Writer writer = Files.newBufferedWriter(config)) {
      settings.store(writer, null);
    }
    config.toFile().deleteOnExit();
  }

  private void run() {
    checks.add("kafka-topics", this::topics);
    checks.add("kafka-console-producer and kafka-console-consumer", this::console);
    checks.add("kafka-consumer-groups", this::groups);
    checks.add("kafka-groups", this::listGroups);
    checks.add("kafka-configs", this::configs);
    checks.add("kafka-get-offsets", this::offsets);
    checks.add("kafka-delete-records", this::deleteRecords);
    checks.add("kafka-reassign-partitions", this::reassign);
    checks.add("kafka-leader-election", this::elect);
    checks.add("kafka-log-dirs", this::logDirs);
    checks.add("kafka-broker-api-versions", this::versions);
    checks.add("kafka-cluster", this::cluster);
    checks.add("kafka-producer-perf-test and kafka-consumer-perf-test", this::performance);
    checks.add("quick start", this::quickStart);
    checks.run("java tools", AppInfoParser.getVersion());
  }

  // How a tool is run.

  private static final class Ended extends RuntimeException {
    Ended() {
      super("exit", null, false, false);
    }
  }

  /** Runs a tool on the broker with some input, and gives what it printed; a failing tool is a finding. */
  private String feed(String input, String name, String... args) throws Exception {
    PrintStream output = System.out;
    PrintStream errors = System.err;
    InputStream before = System.in;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    ByteArrayOutputStream complained = new ByteArrayOutputStream();
    List<String> all = new ArrayList<>(Arrays.asList(args));
    // kafka-cluster takes its subcommand first, and has another word for the settings.
    String settings = name.equals(CLUSTER) ? "--config" : "--command-config";
    all.addAll(Arrays.asList("--bootstrap-server", checks.bootstrap, settings, config.toString()));
    // A tool's own `catch` may catch its exit, and exit again: the first one is the one that it meant.
    AtomicReference<Integer> code = new AtomicReference<>();
    System.setOut(new PrintStream(printed, true));
    System.setErr(new PrintStream(complained, true));
    System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    Exit.setExitProcedure((status, message) -> {
      code.compareAndSet(null, status);
      throw new Ended();
    });
    List<Runnable> hooks = new ArrayList<>();
    Exit.setShutdownHookAdder((hook, task) -> hooks.add(task));
    try {
      Class.forName(name).getMethod("main", String[].class).invoke(null, (Object) all.toArray(String[]::new));
    } catch (InvocationTargetException thrown) {
      if (!(thrown.getCause() instanceof Ended)) throw thrown;
    } finally {
      // The console producer sends what it still has when its process ends.
      hooks.forEach(Runnable::run);
      System.setOut(output);
      System.setErr(errors);
      System.setIn(before);
    }
    String text = printed.toString(StandardCharsets.UTF_8);
    if (code.get() != null && code.get() != 0) {
      throw new Checks.Wrong(name.substring(name.lastIndexOf('.') + 1) + " " + String.join(" ", args) + " ended with " + code.get()
          + ": " + (text + complained.toString(StandardCharsets.UTF_8)).strip());
    }
    return text;
  }

  private String tool(String name, String... args) throws Exception {
    return feed("", name, args);
  }

  private interface Body {
    void run(String topic) throws Exception;
  }

  private void withTopic(int partitions, Body body) throws Exception {
    String topic = Checks.unique("tools");
    tool(TOPICS, "--create", "--topic", topic, "--partitions", String.valueOf(partitions));
    Checks.waitUntil(() -> tool(TOPICS, "--list").contains(topic), () -> "the created topic is not listed");
    try {
      body.run(topic);
    } finally {
      tool(TOPICS, "--delete", "--topic", topic);
    }
  }

  private void produce(String topic, String... lines) throws Exception {
    feed(String.join("\n", lines) + "\n", PRODUCER, "--topic", topic);
  }

  private static void expectIn(String output, String pattern, String what) {
    Checks.expectThat(Pattern.compile(pattern, Pattern.MULTILINE).matcher(output).find(),
        what + ": expected /" + pattern + "/, got " + output.strip());
  }

  private static Path json(String text) throws Exception {
    Path file = Files.createTempFile("tools", ".json");
    file.toFile().deleteOnExit();
    return Files.writeString(file, text);
  }

  // The checks, one for each tool.

  private void topics() throws Exception {
    withTopic(3, topic -> {
      String described = tool(TOPICS, "--describe", "--topic", topic);
      expectIn(described, "Topic: " + topic + "\\s.*PartitionCount: 3\\s", "described topic");
      expectIn(described, "Partition: 2\\s+Leader: \\d+\\s+Replicas: \\S+\\s+Isr: \\S+", "described partition");
      tool(TOPICS, "--alter", "--topic", topic, "--partitions", "4");
      Checks.waitUntil(() -> tool(TOPICS, "--describe", "--topic", topic).contains("PartitionCount: 4"), () -> "the topic does not grow");
      Checks.expect(tool(TOPICS, "--describe", "--under-replicated-partitions", "--topic", topic).strip(), "", "under-replicated partitions");
      tool(TOPICS, "--create", "--if-not-exists", "--topic", topic);
    });
  }

  private void console() throws Exception {
    withTopic(1, topic -> {
      feed("k1\tv1\nk2\tvalue two\n", PRODUCER, "--topic", topic, "--reader-property", "parse.key=true", "--compression-codec", "zstd");
      feed("a:1,b:2\tk3\tv3\n", PRODUCER, "--topic", topic, "--reader-property", "parse.key=true", "--reader-property", "parse.headers=true");
      String read = tool(CONSUMER, "--topic", topic, "--from-beginning", "--max-messages", "3", "--formatter-property", "print.key=true",
          "--formatter-property", "print.headers=true", "--formatter-property", "print.offset=true");
      Checks.expect(read, "Offset:0\tNO_HEADERS\tk1\tv1\nOffset:1\tNO_HEADERS\tk2\tvalue two\nOffset:2\ta:1,b:2\tk3\tv3\n", "what is read");
      Checks.expect(tool(CONSUMER, "--topic", topic, "--partition", "0", "--offset", "1", "--max-messages", "1"), "value two\n", "from offset 1");
    });
  }

  private void groups() throws Exception {
    withTopic(1, topic -> {
      String group = Checks.unique("group");
      produce(topic, "a", "b", "c", "d");
      tool(CONSUMER, "--topic", topic, "--group", group, "--from-beginning", "--max-messages", "4");
      Checks.expectThat(tool(GROUPS, "--list").lines().anyMatch(group::equals), "the group is not listed");
      expectIn(tool(GROUPS, "--describe", "--group", group), group + "\\s+" + topic + "\\s+0\\s+4\\s+4\\s+0\\s", "offsets and lag");
      expectIn(tool(GROUPS, "--describe", "--group", group, "--state"), group + "\\s.*Empty\\s+0", "state");
      tool(GROUPS, "--describe", "--group", group, "--members");
      String reset = tool(GROUPS, "--reset-offsets", "--group", group, "--topic", topic, "--to-earliest", "--execute");
      expectIn(reset, group + "\\s+" + topic + "\\s+0\\s+0", "reset to the earliest");
      tool(GROUPS, "--reset-offsets", "--group", group, "--topic", topic, "--shift-by", "3", "--execute");
      expectIn(tool(GROUPS, "--describe", "--group", group), topic + "\\s+0\\s+3\\s+4\\s+1\\s", "offsets after a shift");
      String read = tool(CONSUMER, "--topic", topic, "--group", group, "--max-messages", "1");
      Checks.expect(read, "d\n", "what the group reads after its offsets were set to 3");
      expectIn(tool(GROUPS, "--delete-offsets", "--group", group, "--topic", topic), topic + "\\s+0\\s+Successful", "deleted offsets");
      tool(GROUPS, "--delete", "--group", group);
      Checks.expectThat(tool(GROUPS, "--list").lines().noneMatch(group::equals), "a deleted group is listed");
    });
  }

  private void listGroups() throws Exception {
    withTopic(1, topic -> {
      String group = Checks.unique("group");
      produce(topic, "a");
      tool(CONSUMER, "--topic", topic, "--group", group, "--from-beginning", "--max-messages", "1");
      expectIn(tool(LIST_GROUPS, "--list"), "^" + group + "\\s+Classic\\s+consumer", "the group in the list");
      tool(GROUPS, "--delete", "--group", group);
    });
  }

  private void configs() throws Exception {
    withTopic(1, topic -> {
      String[] which = {"--entity-type", "topics", "--entity-name", topic};
      tool(CONFIGS, with(which, "--alter", "--add-config", "retention.ms=86400000,cleanup.policy=[compact,delete]"));
      Checks.waitUntil(() -> tool(CONFIGS, with(which, "--describe")).contains("retention.ms=86400000"), () -> "the config is not described");
      expectIn(tool(CONFIGS, with(which, "--describe")), "cleanup.policy=compact,delete ", "the list");
      tool(CONFIGS, with(which, "--alter", "--delete-config", "retention.ms"));
      Checks.waitUntil(() -> !tool(CONFIGS, with(which, "--describe")).contains("retention.ms"), () -> "the config stays");
      expectIn(tool(CONFIGS, with(which, "--describe", "--all")), "retention.ms=604800000 ", "the default");
      expectIn(tool(CONFIGS, "--entity-type", "brokers", "--describe", "--all"), "num.partitions=", "a broker's configs");
    });
  }

  private static String[] with(String[] some, String... more) {
    List<String> all = new ArrayList<>(Arrays.asList(some));
    all.addAll(Arrays.asList(more));
    return all.toArray(String[]::new);
  }

  private void offsets() throws Exception {
    withTopic(2, topic -> {
      produce(topic, "a");
      String latest = tool(OFFSETS, "--topic", topic);
      Matcher found = Pattern.compile("^" + topic + ":\\d:(\\d+)$", Pattern.MULTILINE).matcher(latest);
      long sum = 0;
      while (found.find()) sum += Long.parseLong(found.group(1));
      Checks.expect(sum, 1L, "records by the latest offsets of both partitions");
      expectIn(tool(OFFSETS, "--topic", topic, "--time", "earliest"), topic + ":0:0\n" + topic + ":1:0\n", "earliest offsets");
    });
  }

  private void deleteRecords() throws Exception {
    withTopic(1, topic -> {
      produce(topic, "a", "b", "c");
      Path file = json("{\"version\":1,\"partitions\":[{\"topic\":\"" + topic + "\",\"partition\":0,\"offset\":2}]}");
      expectIn(tool(DELETE_RECORDS, "--offset-json-file", file.toString()), topic + "-0\\s+low_watermark: 2", "low watermark");
      expectIn(tool(OFFSETS, "--topic", topic, "--time", "earliest"), topic + ":0:2", "earliest offset");
    });
  }

  private void reassign() throws Exception {
    withTopic(1, topic -> {
      Matcher replicas = Pattern.compile("Partition: 0\\s.*Replicas: (\\S+)").matcher(tool(TOPICS, "--describe", "--topic", topic));
      Checks.expectThat(replicas.find(), "the topic has no replicas");
      Path file = json("{\"version\":1,\"partitions\":[{\"topic\":\"" + topic + "\",\"partition\":0,\"replicas\":[" + replicas.group(1) + "]}]}");
      String[] which = {"--reassignment-json-file", file.toString()};
      expectIn(tool(REASSIGN, with(which, "--execute")), "Successfully started partition reassignment for " + topic + "-0", "execution");
      Checks.waitUntil(() -> tool(REASSIGN, with(which, "--verify")).contains(topic + "-0 is completed"), () -> "it is not completed");
      expectIn(tool(REASSIGN, "--list"), "No partition reassignments found", "list of reassignments");
    });
  }

  private void elect() throws Exception {
    withTopic(1, topic -> {
      String output = tool(ELECT, "--election-type", "preferred", "--topic", topic, "--partition", "0");
      expectIn(output, "Valid replica already elected for partitions", "election");
    });
  }

  private void logDirs() throws Exception {
    withTopic(1, topic -> {
      produce(topic, "a");
      expectIn(tool(LOG_DIRS, "--describe", "--topic-list", topic), "\"partition\":\"" + topic + "-0\",\"size\":[1-9]", "size of a replica");
    });
  }

  private void versions() throws Exception {
    String output = tool(VERSIONS);
    expectIn(output, "Produce\\(0\\): .*\\[usable: \\d+\\]", "versions of Produce");
    expectIn(output, "Fetch\\(1\\): .*\\[usable: \\d+\\]", "versions of Fetch");
  }

  private void cluster() throws Exception {
    expectIn(tool(CLUSTER, "cluster-id"), "^Cluster ID: \\S+", "cluster id");
  }

  private void performance() throws Exception {
    withTopic(2, topic -> {
      String sent = tool(PRODUCER_PERFORMANCE, "--topic", topic, "--num-records", "50000", "--record-size", "100", "--throughput", "-1");
      expectIn(sent, "^50000 records sent, .* ms 99.9th", "the producer's report");
      String read = tool(CONSUMER_PERFORMANCE, "--topic", topic, "--num-records", "50000", "--hide-header");
      expectIn(read, ", 50[0-9]{3}, ", "the consumer's report");
    });
  }

  /** The commands of Apache Kafka's quick start, with their arguments as they are there. */
  private void quickStart() throws Exception {
    tool(TOPICS, "--create", "--topic", "quickstart-events");
    expectIn(tool(TOPICS, "--describe", "--topic", "quickstart-events"), "Topic: quickstart-events\\s", "the topic");
    feed("This is my first event\nThis is my second event\n", PRODUCER, "--topic", "quickstart-events");
    // In a terminal one ends it with Ctrl-C.
    String read = tool(CONSUMER, "--topic", "quickstart-events", "--from-beginning", "--max-messages", "2");
    Checks.expect(read, "This is my first event\nThis is my second event\n", "the events read");
    tool(TOPICS, "--delete", "--topic", "quickstart-events");
  }
}
