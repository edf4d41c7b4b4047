import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * The partitioners and assignors of Apache Kafka's Java client as a subject in another process: one JSON object a line on
 * stdin and on stdout (traces/subject-schema.json), for the scopes partitioner and assignor.
 */
public final class Choosers {
  private static final ObjectMapper json = new ObjectMapper();

  /** What one run asks. Gives an outcome, or a text: why it has none. */
  private interface Side {
    Object apply(JsonNode operation);
  }

  public static void main(String[] args) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    // Its assignors log what they think of a claim; stdout is for answers.
    System.setOut(System.err);
    Side side = null;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JsonNode request = json.readTree(line);
      ObjectNode answer = json.createObjectNode();
      switch (request.get("kind").asText()) {
        case "hello" -> hello(answer);
        case "start" -> side = start(request, answer);
        default -> applied(side.apply(request.get("operation")), answer);
      }
      answer.set("id", request.get("id"));
      out.println(json.writeValueAsString(answer));
      out.flush();
    }
  }

  private static void hello(ObjectNode answer) {
    answer.put("kind", "hello").put("version", 1).put("name", "Apache Kafka's Java client " + AppInfoParser.getVersion());
    ObjectNode scopes = answer.putObject("scopes");
    // What they remember cannot be seen: only their answers are compared.
    scopes.putObject("partitioner").putArray("observation");
    scopes.putObject("assignor").putArray("observation");
  }

  private static Side start(JsonNode request, ObjectNode answer) {
    JsonNode setup = request.get("setup");
    if (setup.get("scope").asText().equals("assignor")) {
      answer.put("kind", "started");
      return new Group()::apply;
    }
    if (setup.get("partitioner").asText().equals("sticky")) {
      answer.put("kind", "declined").put("reason", "its sticky partitioner counts bytes and rolls dice (KIP-794)");
      return null;
    }
    answer.put("kind", "started");
    RoundRobinPartitioner partitioner = new RoundRobinPartitioner();
    return operation -> choose(partitioner, operation);
  }

  private static void applied(Object outcome, ObjectNode answer) {
    if (outcome instanceof String) answer.put("kind", "declined").put("reason", (String) outcome);
    else answer.put("kind", "applied").set("outcome", (ObjectNode) outcome);
  }

  /** A key goes where the producer sends it when it is told no partitioner; without one the round robin decides. */
  private static Object choose(RoundRobinPartitioner partitioner, JsonNode operation) {
    ObjectNode outcome = json.createObjectNode();
    if (operation.get("kind").asText().equals("newBatch")) return outcome.put("kind", "done");
    if (!operation.get("given").isNull()) return "a given partition is the producer's affair, not a partitioner's";
    int count = operation.get("partitionCount").asInt();
    if (!operation.get("key").isNull()) {
      byte[] key = utf8(operation.get("key").asText());
      return outcome.put("kind", "chosen").put("partition", BuiltInPartitioner.partitionForKey(key, count));
    }
    String topic = operation.get("topic").asText();
    Cluster cluster = clusterOf(topic, count, operation.get("available"));
    return outcome.put("kind", "chosen").put("partition", partitioner.partition(topic, null, null, null, null, cluster));
  }

  private static Cluster clusterOf(String topic, int count, JsonNode available) {
    Set<Integer> led = new HashSet<>();
    for (JsonNode partition : available) led.add(partition.asInt());
    Node broker = new Node(1, "localhost", 9092);
    Node[] replicas = {broker};
    List<PartitionInfo> partitions = new ArrayList<>();
    for (int partition = 0; partition < count; partition++) {
      Node leader = led.contains(partition) ? broker : null;
      partitions.add(new PartitionInfo(topic, partition, leader, replicas, replicas));
    }
    Set<String> none = Collections.emptySet();
    return new Cluster("choosers", List.of(broker), partitions, none, none);
  }

  /** Half a surrogate pair has no UTF-8: U+FFFD as in the model, where Java's own serializer writes a question mark. */
  private static byte[] utf8(String text) {
    StringBuilder whole = new StringBuilder();
    text.codePoints().forEach(
        point -> whole.appendCodePoint(point >= 0xd800 && point <= 0xdfff ? 0xfffd : point));
    return whole.toString().getBytes(StandardCharsets.UTF_8);
  }

  static ObjectNode object() {
    return json.createObjectNode();
  }
}
