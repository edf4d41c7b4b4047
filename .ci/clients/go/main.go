// franz-go against a broker: franz --bootstrap HOST:PORT [--quick-start PROGRAM]
package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/sasl/plain"
	"github.com/twmb/franz-go/pkg/sasl/scram"
)

var (
	quickStart = flag.String("quick-start", "", "the readme's example as a program that takes an address")
	admin      *kadm.Client
)

func main() {
	flag.Parse()
	if *bootstrap == "" {
		fmt.Fprintln(os.Stderr, "say --bootstrap HOST:PORT")
		os.Exit(2)
	}
	admin = kadm.NewClient(client())
	checks := []check{
		{"metadata", metadata},
		{"create, list, grow and delete topics", topics},
	}
	codecs := map[string]kgo.CompressionCodec{"gzip": kgo.GzipCompression(), "snappy": kgo.SnappyCompression(),
		"lz4": kgo.Lz4Compression(), "zstd": kgo.ZstdCompression(), "none": kgo.NoCompression()}
	for _, name := range []string{"none", "gzip", "snappy", "lz4", "zstd"} {
		checks = append(checks, check{"produce and consume, " + name, roundTrip(kgo.ProducerBatchCompression(codecs[name]))})
	}
	checks = append(checks, []check{
		{"producer without idempotence", roundTrip(kgo.DisableIdempotentWrite())},
		{"acks 0, 1 and all", acks},
		{"too large a record is refused", tooLarge},
		{"offsets for times", offsets},
		{"delete records and offset reset", deleteRecords},
		{"group of two, range", group(kgo.RangeBalancer(), true)},
		{"group of two, cooperative-sticky", group(kgo.CooperativeStickyBalancer(), false)},
		{"static membership", staticMembership},
		{"groups and their offsets", groupOffsets},
		{"configs", configs},
		{"elect leaders", electLeaders},
		{"reassign partitions", reassignment},
		{"log directories", logDirs},
	}...)
	// A client's own example says nothing of names, passwords or certificates.
	if *quickStart != "" && os.Getenv("KAFKA_SECURITY_PROTOCOL") == "" {
		checks = append(checks, check{"quick start", quickStarts})
	}
	runChecks("franz-go", version(), checks)
}

func version() string {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == "github.com/twmb/franz-go" {
			return strings.TrimPrefix(module.Version, "v")
		}
	}
	return "?"
}

// client makes a client with the security settings of the environment.
func client(options ...kgo.Opt) *kgo.Client {
	all := []kgo.Opt{kgo.SeedBrokers(strings.Split(*bootstrap, ",")...), kgo.MetadataMinAge(50 * time.Millisecond),
		kgo.MetadataMaxAge(time.Second), kgo.ProducerLinger(5 * time.Millisecond)}
	name, password := os.Getenv("KAFKA_SASL_USERNAME"), os.Getenv("KAFKA_SASL_PASSWORD")
	switch os.Getenv("KAFKA_SASL_MECHANISM") {
	case "PLAIN":
		all = append(all, kgo.SASL(plain.Auth{User: name, Pass: password}.AsMechanism()))
	case "SCRAM-SHA-256":
		all = append(all, kgo.SASL(scram.Auth{User: name, Pass: password}.AsSha256Mechanism()))
	case "SCRAM-SHA-512":
		all = append(all, kgo.SASL(scram.Auth{User: name, Pass: password}.AsSha512Mechanism()))
	}
	if strings.HasSuffix(os.Getenv("KAFKA_SECURITY_PROTOCOL"), "SSL") {
		config := &tls.Config{}
		if pem, err := os.ReadFile(os.Getenv("KAFKA_SSL_CA")); err == nil {
			config.RootCAs = x509.NewCertPool()
			config.RootCAs.AppendCertsFromPEM(pem)
		}
		all = append(all, kgo.DialTLSConfig(config))
	}
	made, err := kgo.NewClient(append(all, options...)...)
	if err != nil {
		panic(err)
	}
	return made
}

func withTopic(partitions int32, configs map[string]*string, body func(ctx context.Context, topic string) error) func(context.Context) error {
	return func(ctx context.Context) error {
		topic := unique("franz")
		if _, err := admin.CreateTopic(ctx, partitions, -1, configs, topic); err != nil {
			return err
		}
		defer func() { _, _ = admin.DeleteTopic(context.Background(), topic) }()
		if err := waitUntil(ctx, func() string { return "the created topic is not listed" }, func() bool { return listed(ctx, topic) }); err != nil {
			return err
		}
		return body(ctx, topic)
	}
}

func listed(ctx context.Context, topic string) bool {
	found, err := admin.ListTopics(ctx, topic)
	return err == nil && found.Has(topic)
}

func send(ctx context.Context, records []*kgo.Record, options ...kgo.Opt) error {
	producer := client(append([]kgo.Opt{kgo.RecordPartitioner(kgo.ManualPartitioner())}, options...)...)
	defer producer.Close()
	return producer.ProduceSync(ctx, records...).FirstErr()
}

func words(topic string, partition int32, words ...string) []*kgo.Record {
	var records []*kgo.Record
	for _, word := range words {
		records = append(records, &kgo.Record{Topic: topic, Partition: partition, Value: []byte(word)})
	}
	return records
}

func read(ctx context.Context, topic string, count int, from kgo.Offset) ([]*kgo.Record, error) {
	consumer := client(kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{topic: {0: from}}), kgo.FetchMaxWait(100*time.Millisecond))
	defer consumer.Close()
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	var found []*kgo.Record
	for len(found) < count {
		fetches := consumer.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			return nil, fmt.Errorf("%d of %d records were read: %w", len(found), count, err)
		}
		found = append(found, fetches.Records()...)
	}
	return found, nil
}

// Records that are easily lost or confused: nulls, nothing, all bytes, much, many.
func peculiar(topic string) []*kgo.Record {
	source := rand.New(rand.NewSource(7))
	noise := func(length int) []byte {
		made := make([]byte, length)
		source.Read(made)
		return made
	}
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	plain := [][2][]byte{{[]byte("key"), []byte("value")}, {nil, []byte("null key")}, {[]byte("null value"), nil}, {{}, {}}, {nil, nil},
		{every, every}, {[]byte("ключ"), []byte("значение 🚀")}, {[]byte("compresses"), bytes.Repeat([]byte("a"), 200_000)}, {[]byte("large"), noise(900 * 1024)}}
	for i := 0; i < 200; i++ {
		plain = append(plain, [2][]byte{[]byte(strconv.Itoa(i)), noise(i)})
	}
	start := time.UnixMilli(time.Now().UnixMilli() - 60_000)
	var records []*kgo.Record
	for i, one := range plain {
		records = append(records, &kgo.Record{Topic: topic, Key: one[0], Value: one[1], Timestamp: start.Add(time.Duration(i) * time.Millisecond)})
	}
	records[0].Headers = []kgo.RecordHeader{{Key: "one", Value: []byte("1")}, {Key: "one", Value: []byte("again")}, {Key: "empty", Value: []byte{}},
		{Key: "null", Value: nil}, {Key: "bytes", Value: every}}
	return records
}

func metadata(ctx context.Context) error {
	found, err := admin.BrokerMetadata(ctx)
	if err != nil {
		return err
	}
	for _, broker := range found.Brokers {
		if broker.NodeID == found.Controller {
			return nil
		}
	}
	return fmt.Errorf("the controller %d is none of the brokers %v", found.Controller, found.Brokers.NodeIDs())
}

func topics(ctx context.Context) error {
	return withTopic(3, nil, func(ctx context.Context, topic string) error {
		_, err := admin.CreateTopic(ctx, 3, -1, nil, topic)
		if err := expectError(err, kerr.TopicAlreadyExists, "creating a topic twice"); err != nil {
			return err
		}
		if answer, err := admin.UpdatePartitions(ctx, 5, topic); err != nil || answer.Error() != nil {
			return errors.Join(err, answer.Error())
		}
		grown := func() bool {
			found, err := admin.ListTopics(ctx, topic)
			return err == nil && len(found[topic].Partitions) == 5
		}
		if err := waitUntil(ctx, func() string { return "the topic has not grown to 5 partitions" }, grown); err != nil {
			return err
		}
		fewer, err := admin.UpdatePartitions(ctx, 2, topic)
		return expectError(errors.Join(err, fewer.Error()), kerr.InvalidPartitions, "fewer partitions")
	})(ctx)
}

func roundTrip(options ...kgo.Opt) func(context.Context) error {
	return withTopic(1, nil, func(ctx context.Context, topic string) error {
		sent := peculiar(topic)
		if err := send(ctx, sent, options...); err != nil {
			return err
		}
		found, err := read(ctx, topic, len(sent), kgo.NewOffset().AtStart())
		if err != nil {
			return err
		}
		for i, record := range found {
			what := func(part string) string { return fmt.Sprintf("%s of record %d", part, i) }
			headers := func(one *kgo.Record) string { return fmt.Sprintf("%#v", one.Headers) }
			err := errors.Join(expect(record.Offset, int64(i), what("offset")), expect(record.Key, sent[i].Key, what("key")),
				expect(record.Value, sent[i].Value, what("value")), expect(record.Timestamp.UnixMilli(), sent[i].Timestamp.UnixMilli(), what("timestamp")))
			if len(sent[i].Headers) > 0 {
				err = errors.Join(err, expect(headers(record), headers(sent[i]), what("headers")))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func acks(ctx context.Context) error {
	return withTopic(1, nil, func(ctx context.Context, topic string) error {
		for name, setting := range map[string]kgo.Acks{"0": kgo.NoAck(), "1": kgo.LeaderAck(), "all": kgo.AllISRAcks()} {
			if err := send(ctx, words(topic, 0, name, name), kgo.RequiredAcks(setting), kgo.DisableIdempotentWrite()); err != nil {
				return fmt.Errorf("acks=%s: %w", name, err)
			}
		}
		found, err := read(ctx, topic, 6, kgo.NewOffset().AtStart())
		if err != nil {
			return err
		}
		count := map[string]int{}
		for _, record := range found {
			count[string(record.Value)]++
		}
		return expect(count, map[string]int{"0": 2, "1": 2, "all": 2}, "what was written")
	})(ctx)
}

func tooLarge(ctx context.Context) error {
	limit := "1000"
	return withTopic(1, map[string]*string{"max.message.bytes": &limit}, func(ctx context.Context, topic string) error {
		return expectError(send(ctx, words(topic, 0, strings.Repeat("x", 5000)), kgo.ProducerBatchCompression(kgo.NoCompression())),
			kerr.MessageTooLarge, "5,000 bytes where 1,000 may be")
	})(ctx)
}

func offsets(ctx context.Context) error {
	return withTopic(1, nil, func(ctx context.Context, topic string) error {
		const base = int64(1_700_000_000_000)
		records := words(topic, 0, strings.Split(strings.Repeat("v ", 10), " ")[:10]...)
		for i, record := range records {
			record.Timestamp = time.UnixMilli(base + int64(i)*1000)
		}
		if err := send(ctx, records); err != nil {
			return err
		}
		asked := func(what string, expected int64, list func() (kadm.ListedOffsets, error)) error {
			found, err := list()
			if err != nil {
				return err
			}
			offset, _ := found.Lookup(topic, 0)
			return expect(offset.Offset, expected, what)
		}
		at := func(timestamp int64) func() (kadm.ListedOffsets, error) {
			return func() (kadm.ListedOffsets, error) { return admin.ListOffsetsAfterMilli(ctx, timestamp, topic) }
		}
		return errors.Join(asked("offset for the first timestamp", 0, at(base)), asked("offset for a time between two records", 5, at(base+4500)),
			asked("offset for a later time (franz-go asks for the end then)", 10, at(base+9001)),
			asked("start offset", 0, func() (kadm.ListedOffsets, error) { return admin.ListStartOffsets(ctx, topic) }),
			asked("end offset", 10, func() (kadm.ListedOffsets, error) { return admin.ListEndOffsets(ctx, topic) }),
			asked("offset of the greatest timestamp", 9, func() (kadm.ListedOffsets, error) { return admin.ListMaxTimestampOffsets(ctx, topic) }))
	})(ctx)
}

func deleteRecords(ctx context.Context) error {
	return withTopic(1, nil, func(ctx context.Context, topic string) error {
		if err := send(ctx, words(topic, 0, "0", "1", "2", "3", "4", "5")); err != nil {
			return err
		}
		before := kadm.Offsets{}
		before.AddOffset(topic, 0, 4, -1)
		answer, err := admin.DeleteRecords(ctx, before)
		if err != nil {
			return err
		}
		low, _ := answer.Lookup(topic, 0)
		if err := expect(low.LowWatermark, int64(4), "low watermark after delete records"); err != nil {
			return err
		}
		found, err := read(ctx, topic, 2, kgo.NewOffset().At(1))
		if err != nil {
			return err
		}
		return expect([]int64{found[0].Offset, found[1].Offset}, []int64{4, 5}, "offsets read from a deleted one on")
	})(ctx)
}

// quickStarts runs the readme's example, unchanged but for the address, until it prints what it has read.
func quickStarts(ctx context.Context) error {
	if _, err := admin.CreateTopic(ctx, 1, -1, nil, "foo"); err != nil {
		return err
	}
	defer func() { _, _ = admin.DeleteTopic(context.Background(), "foo") }()
	example := exec.CommandContext(ctx, *quickStart, strings.Split(*bootstrap, ",")[0])
	output, err := example.StdoutPipe()
	if err != nil {
		return err
	}
	if err := example.Start(); err != nil {
		return err
	}
	lines := bufio.NewScanner(output)
	lines.Scan()
	line := lines.Text()
	_ = example.Process.Kill()
	_ = example.Wait()
	// The example leaves nothing behind it in order, so what it was is taken out of its group.
	const name = "my-group-identifier"
	if described, err := admin.DescribeGroups(ctx, name); err == nil {
		request := kmsg.NewPtrLeaveGroupRequest()
		request.Group = name
		for _, member := range described[name].Members {
			leaving := kmsg.NewLeaveGroupRequestMember()
			leaving.MemberID = member.MemberID
			request.Members = append(request.Members, leaving)
		}
		leaver := client()
		_, _ = request.RequestWith(ctx, leaver)
		leaver.Close()
	}
	_, _ = admin.DeleteGroup(ctx, name)
	return expect(line, "bar from an iterator!", "what the readme's example prints first")
}
