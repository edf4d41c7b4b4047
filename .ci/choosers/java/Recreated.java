import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.StickyAssignor;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A topic is deleted and made anew with fewer partitions while a group of StickyAssignor reads it; then a second member
 * joins. Recreated BOOTSTRAP prints what a member's poll threw. Whether the partitions that are gone come before real ones
 * depends on the topics' names, through hash maps: it tries again with others, and ends with 1 when nothing was ever thrown.
 * (docs/findings/kafka-sticky-keeps-partitions-that-are-gone.md)
 */
public final class Recreated {
  private static final int roundsMost = 8;
  private static final long roundNanos = 8_000_000_000L;

  public static void main(String[] args) throws Exception {
    for (int round = 0; round < roundsMost; round++) {
      String thrown = thrownIn(args[0], new Random().nextInt(1 << 30));
      if (thrown == null) continue;
      System.out.println("poll threw " + thrown);
      return;
    }
    System.out.println("poll threw nothing in " + roundsMost + " rounds");
    System.exit(1);
  }

  private static String thrownIn(String bootstrap, int run) throws Exception {
    String shrinks = "shrinks-" + run;
    String stays = "stays-" + run;
    Map<String, Object> settings = Map.of(
        "bootstrap.servers", bootstrap,
        "group.id", "recreated-" + run,
        "partition.assignment.strategy", StickyAssignor.class.getName(),
        "allow.auto.create.topics", false,
        // Five minutes unless given, which is long to wait until the leader hears of the topic.
        "metadata.max.age.ms", 1000,
        "key.deserializer", StringDeserializer.class,
        "value.deserializer", StringDeserializer.class);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
        Consumer<String, String> first = new KafkaConsumer<>(settings);
        Consumer<String, String> second = new KafkaConsumer<>(settings)) {
      List<NewTopic> both = List.of(new NewTopic(shrinks, 3, (short) 1), new NewTopic(stays, 5, (short) 1));
      admin.createTopics(both).all().get();
      first.subscribe(List.of(shrinks, stays));
      while (first.assignment().size() < 8) first.poll(Duration.ofMillis(100));
      admin.deleteTopics(List.of(shrinks)).all().get();
      create(admin, new NewTopic(shrinks, 1, (short) 1));
      // Until the leader knows the new topic, which its heartbeat thread sees to: a rebalance while it knows of none would
      // take the old partitions out of what it owns. So this is a member that was not polled for some seconds.
      Thread.sleep(3000);
      second.subscribe(List.of(shrinks, stays));
      try {
        for (long until = System.nanoTime() + roundNanos; System.nanoTime() < until; ) {
          first.poll(Duration.ofMillis(100));
          second.poll(Duration.ofMillis(100));
        }
        return null;
      } catch (IllegalStateException thrown) {
        return thrown.getMessage();
      } finally {
        admin.deleteTopics(List.of(shrinks, stays)).all().get();
      }
    }
  }

  /** A topic's name is free again some time after it was deleted. */
  private static void create(Admin admin, NewTopic topic) throws InterruptedException {
    while (true) {
      try {
        admin.createTopics(List.of(topic)).all().get();
        return;
      } catch (ExecutionException deletedNotYet) {
        Thread.sleep(50);
      }
    }
  }
}
