import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.RoundRobinAssignor;
import org.apache.kafka.clients.consumer.StickyAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** A group whose members keep what they were last given, around the Java client's assignors (scope assignor). */
final class Group {
  private static final Comparator<TopicPartition> byTopicThenPartition =
      Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

  /** A member as a leader sees it; generation -1: it owns nothing yet. */
  private record Member(String instanceId, List<String> topics, List<TopicPartition> owned, int generation) {}

  private final Map<String, Member> members = new TreeMap<>();
  private final Map<String, Integer> topics = new TreeMap<>();
  private int generation = 0;

  Object apply(JsonNode operation) {
    ObjectNode done = Choosers.object().put("kind", "done");
    String id = operation.path("memberId").asText();
    switch (operation.get("kind").asText()) {
      case "join" -> {
        JsonNode instance = operation.get("groupInstanceId");
        TreeSet<String> subscribed = new TreeSet<>();
        for (JsonNode topic : operation.get("topics")) subscribed.add(topic.asText());
        Member known = members.getOrDefault(id, new Member(null, List.of(), List.of(), -1));
        String instanceId = instance.isNull() ? null : instance.asText();
        members.put(id, new Member(instanceId, new ArrayList<>(subscribed), known.owned(), known.generation()));
        return done;
      }
      case "leave" -> {
        members.remove(id);
        return done;
      }
      case "setPartitionCount" -> {
        int count = operation.get("count").asInt();
        if (count > 0) topics.put(operation.get("topic").asText(), count);
        else topics.remove(operation.get("topic").asText());
        return done;
      }
      case "claim" -> {
        Member known = members.get(id);
        TreeSet<TopicPartition> owned = new TreeSet<>(byTopicThenPartition);
        for (JsonNode one : operation.get("owned")) {
          owned.add(new TopicPartition(one.get("topic").asText(), one.get("partition").asInt()));
        }
        int since = operation.get("generationId").asInt();
        if (known != null) members.put(id, new Member(known.instanceId(), known.topics(), new ArrayList<>(owned), since));
        return done;
      }
      default -> {
        return assign(operation.get("assignor").asText());
      }
    }
  }

  private ObjectNode assign(String name) {
    generation++;
    Map<String, Subscription> subscriptions = new HashMap<>();
    members.forEach((id, member) -> subscriptions.put(id, subscriptionOf(name, id, member)));
    ObjectNode outcome = Choosers.object().put("kind", "assigned");
    ArrayNode assignment = outcome.putArray("assignment");
    if (members.isEmpty()) return outcome;
    Map<String, Assignment> given;
    try {
      given = assignorOf(name).assign(cluster(), new GroupSubscription(subscriptions)).groupAssignment();
    } catch (RuntimeException thrown) {
      // A leader whose assignor throws hands out nothing, not even nothing to each member.
      System.err.println(name + " threw " + thrown + " at " + thrown.getStackTrace()[0]);
      return outcome;
    }
    for (String id : List.copyOf(members.keySet())) {
      List<TopicPartition> share = new ArrayList<>(given.get(id).partitions());
      share.sort(byTopicThenPartition);
      Member member = members.get(id);
      members.put(id, new Member(member.instanceId(), member.topics(), share, generation));
      ArrayNode partitions = assignment.addObject().put("memberId", id).putArray("partitions");
      for (TopicPartition one : share) partitions.addObject().put("topic", one.topic()).put("partition", one.partition());
    }
    return outcome;
  }

  /** As a member of this version would send it: what it owns is in the subscription, or in the assignor's own user data. */
  private static Subscription subscriptionOf(String name, String id, Member member) {
    ByteBuffer userData = null;
    if (name.equals("sticky")) {
      StickyAssignor own = new StickyAssignor();
      if (member.generation() >= 0 || !member.owned().isEmpty()) {
        ConsumerGroupMetadata group =
            new ConsumerGroupMetadata("g", member.generation(), id, Optional.ofNullable(member.instanceId()));
        own.onAssignment(new Assignment(member.owned()), group);
      }
      userData = own.subscriptionUserData(new TreeSet<>(member.topics()));
    }
    List<TopicPartition> owned = name.equals("cooperative-sticky") ? member.owned() : List.of();
    Subscription subscription =
        new Subscription(member.topics(), userData, owned, member.generation(), Optional.empty());
    subscription.setGroupInstanceId(Optional.ofNullable(member.instanceId()));
    return subscription;
  }

  private static ConsumerPartitionAssignor assignorOf(String name) {
    return switch (name) {
      case "range" -> new RangeAssignor();
      case "roundrobin" -> new RoundRobinAssignor();
      case "sticky" -> new StickyAssignor();
      default -> new CooperativeStickyAssignor();
    };
  }

  private Cluster cluster() {
    Node broker = new Node(1, "localhost", 9092);
    Node[] replicas = {broker};
    List<PartitionInfo> partitions = new ArrayList<>();
    topics.forEach((topic, count) -> {
      for (int partition = 0; partition < count; partition++) {
        partitions.add(new PartitionInfo(topic, partition, broker, replicas, replicas));
      }
    });
    return new Cluster("choosers", List.of(broker), partitions, Collections.emptySet(), Collections.emptySet());
  }
}
