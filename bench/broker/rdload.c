// Load by librdkafka: creates and deletes topics, produces and consumes for a while, and prints one line of JSON.
//
//   rdload create  BROKERS TOPIC PARTITIONS REPLICAS MIN_ISR
//   rdload produce BROKERS TOPIC PARTITIONS SIZE ACKS SECONDS
//   rdload consume BROKERS TOPIC PARTITIONS RECORDS SECONDS
//   rdload delete  BROKERS TOPIC
//
// Producing hands records to partitions in turn, in batches of a call, until the time is up, and then waits for the last
// acknowledgement, which ends the measured time.

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static void fail(const char *what, const char *why) {
  fprintf(stderr, "rdload: %s: %s\n", what, why);
  exit(1);
}

static void set(rd_kafka_conf_t *conf, const char *name, const char *value) {
  char error[512];
  if (rd_kafka_conf_set(conf, name, value, error, sizeof(error)) != RD_KAFKA_CONF_OK) fail(name, error);
}

static rd_kafka_t *client(rd_kafka_type_t type, rd_kafka_conf_t *conf) {
  char error[512];
  rd_kafka_t *result = rd_kafka_new(type, conf, error, sizeof(error));
  if (result == NULL) fail("client", error);
  return result;
}

static long delivered, failed;

static void onDelivery(rd_kafka_t *producer, const rd_kafka_message_t *message, void *opaque) {
  (void)producer;
  (void)opaque;
  if (message->err == 0) delivered++;
  else if (failed++ == 0) fprintf(stderr, "rdload: first failure: %s\n", rd_kafka_err2str(message->err));
}

static void report(const char *mode, long records, double seconds, int size) {
  printf("{\"mode\":\"%s\",\"records\":%ld,\"seconds\":%.3f,\"recordsPerSecond\":%.0f,\"mbPerSecond\":%.2f", mode, records,
         seconds, records / seconds, records / seconds * size / 1e6);
}

enum { CALL = 1000 };

static int produce(const char *brokers, const char *topicName, int partitions, int size, const char *acks, double limit) {
  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  set(conf, "bootstrap.servers", brokers);
  set(conf, "linger.ms", "5");
  set(conf, "batch.num.messages", "10000");
  set(conf, "acks", acks);
  set(conf, "queue.buffering.max.messages", "500000");
  set(conf, "queue.buffering.max.kbytes", "1000000");
  rd_kafka_conf_set_dr_msg_cb(conf, onDelivery);
  rd_kafka_t *producer = client(RD_KAFKA_PRODUCER, conf);
  rd_kafka_topic_t *topic = rd_kafka_topic_new(producer, topicName, NULL);
  char *value = malloc(size);
  for (int i = 0; i < size; i++) value[i] = (char)('a' + i % 26);

  // Metadata and connections first, so that they are not measured.
  const struct rd_kafka_metadata *metadata;
  rd_kafka_resp_err_t error = rd_kafka_metadata(producer, 0, topic, &metadata, 10000);
  if (error) fail("metadata", rd_kafka_err2str(error));
  rd_kafka_metadata_destroy(metadata);
  rd_kafka_produce(topic, 0, RD_KAFKA_MSG_F_COPY, value, size, NULL, 0, NULL);
  rd_kafka_flush(producer, 10000);
  delivered = failed = 0;

  rd_kafka_message_t *batch = calloc(CALL, sizeof(*batch));
  double start = now();
  for (int partition = 0; now() - start < limit; partition = (partition + 1) % partitions) {
    for (int i = 0; i < CALL; i++) {
      batch[i].payload = value;
      batch[i].len = size;
      batch[i].err = 0;
    }
    int left = 0;
    do {
      int taken = rd_kafka_produce_batch(topic, partition, RD_KAFKA_MSG_F_COPY, batch + left, CALL - left);
      left += taken;
      rd_kafka_poll(producer, left < CALL ? 1 : 0);
    } while (left < CALL && now() - start < limit);
  }
  rd_kafka_flush(producer, 60000);
  double seconds = now() - start;
  report("produce", delivered, seconds, size);
  printf(",\"failed\":%ld}\n", failed);
  rd_kafka_topic_destroy(topic);
  rd_kafka_destroy(producer);
  return failed > 0;
}

static int consume(const char *brokers, const char *topic, int partitions, long wanted, double limit) {
  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  set(conf, "bootstrap.servers", brokers);
  set(conf, "group.id", "rdload");
  set(conf, "enable.auto.commit", "false");
  set(conf, "auto.offset.reset", "earliest");
  set(conf, "queued.min.messages", "1000000");
  set(conf, "fetch.message.max.bytes", "4000000");
  rd_kafka_t *consumer = client(RD_KAFKA_CONSUMER, conf);
  rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(consumer);
  rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(partitions);
  for (int i = 0; i < partitions; i++) rd_kafka_topic_partition_list_add(list, topic, i)->offset = RD_KAFKA_OFFSET_BEGINNING;
  rd_kafka_assign(consumer, list);
  static rd_kafka_message_t *messages[10000];
  long records = 0, bytes = 0;
  double start = 0, begin = now(), last = 0;
  while (records < wanted && now() - begin < limit) {
    ssize_t count = rd_kafka_consume_batch_queue(queue, 100, messages, 10000);
    for (ssize_t i = 0; i < count; i++) {
      if (messages[i]->err == 0) {
        records++;
        bytes += messages[i]->len;
      } else if (messages[i]->err != RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        fprintf(stderr, "rdload: %s\n", rd_kafka_message_errstr(messages[i]));
      }
      rd_kafka_message_destroy(messages[i]);
    }
    if (records > 0 && start == 0) start = now();
    if (count > 0) last = now();
  }
  report("consume", records, last - begin, records > 0 ? (int)(bytes / records) : 0);
  printf(",\"failed\":%d,\"firstMs\":%.1f}\n", records < wanted && now() - begin < limit, (start - begin) * 1000);
  rd_kafka_topic_partition_list_destroy(list);
  rd_kafka_queue_destroy(queue);
  rd_kafka_consumer_close(consumer);
  rd_kafka_destroy(consumer);
  return records == 0;
}

static int finish(rd_kafka_t *admin, rd_kafka_queue_t *queue) {
  rd_kafka_event_t *event = rd_kafka_queue_poll(queue, 20000);
  if (event == NULL) fail("admin", "no answer");
  if (rd_kafka_event_error(event)) fail("admin", rd_kafka_event_error_string(event));
  size_t count = 0;
  const rd_kafka_topic_result_t **results = rd_kafka_event_type(event) == RD_KAFKA_EVENT_CREATETOPICS_RESULT
      ? rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count)
      : rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event), &count);
  for (size_t i = 0; i < count; i++) {
    if (rd_kafka_topic_result_error(results[i])) fail("admin", rd_kafka_err2str(rd_kafka_topic_result_error(results[i])));
  }
  rd_kafka_event_destroy(event);
  rd_kafka_queue_destroy(queue);
  rd_kafka_destroy(admin);
  return 0;
}

static int create(const char *brokers, const char *name, int partitions, int replicas, const char *minIsr) {
  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  set(conf, "bootstrap.servers", brokers);
  rd_kafka_t *admin = client(RD_KAFKA_PRODUCER, conf);
  rd_kafka_queue_t *queue = rd_kafka_queue_new(admin);
  char error[512];
  rd_kafka_NewTopic_t *topic = rd_kafka_NewTopic_new(name, partitions, replicas, error, sizeof(error));
  rd_kafka_NewTopic_set_config(topic, "min.insync.replicas", minIsr);
  rd_kafka_CreateTopics(admin, &topic, 1, NULL, queue);
  rd_kafka_NewTopic_destroy(topic);
  return finish(admin, queue);
}

static int delete(const char *brokers, const char *name) {
  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  set(conf, "bootstrap.servers", brokers);
  rd_kafka_t *admin = client(RD_KAFKA_PRODUCER, conf);
  rd_kafka_queue_t *queue = rd_kafka_queue_new(admin);
  rd_kafka_DeleteTopic_t *topic = rd_kafka_DeleteTopic_new(name);
  rd_kafka_DeleteTopics(admin, &topic, 1, NULL, queue);
  rd_kafka_DeleteTopic_destroy(topic);
  return finish(admin, queue);
}

int main(int count, char **args) {
  if (count == 2 && strcmp(args[1], "version") == 0) return puts(rd_kafka_version_str()) < 0;
  if (count == 7 && strcmp(args[1], "create") == 0) return create(args[2], args[3], atoi(args[4]), atoi(args[5]), args[6]);
  if (count == 8 && strcmp(args[1], "produce") == 0)
    return produce(args[2], args[3], atoi(args[4]), atoi(args[5]), args[6], atof(args[7]));
  if (count == 7 && strcmp(args[1], "consume") == 0) return consume(args[2], args[3], atoi(args[4]), atol(args[5]), atof(args[6]));
  if (count == 4 && strcmp(args[1], "delete") == 0) return delete(args[2], args[3]);
  fprintf(stderr, "usage: see the head of rdload.c\n");
  return 2;
}
