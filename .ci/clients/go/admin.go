package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
)

func configs(ctx context.Context) error {
	day := "86400000"
	return withTopic(1, map[string]*string{"retention.ms": &day}, func(ctx context.Context, topic string) error {
		becomes := func(name, expected string) error {
			last := "nothing"
			return waitUntil(ctx, func() string { return fmt.Sprintf("%s: expected %s, got %s", name, expected, last) }, func() bool {
				found, err := admin.DescribeTopicConfigs(ctx, topic)
				if err != nil {
					return false
				}
				for _, config := range found[0].Configs {
					if config.Key == name {
						last = config.MaybeValue()
					}
				}
				return last == expected
			})
		}
		if err := becomes("retention.ms", day); err != nil {
			return err
		}
		size, compact := "2000000", "compact"
		changes := []kadm.AlterConfig{{Op: kadm.SetConfig, Name: "segment.bytes", Value: &size}, {Op: kadm.AppendConfig, Name: "cleanup.policy", Value: &compact},
			{Op: kadm.DeleteConfig, Name: "retention.ms"}}
		answer, err := admin.AlterTopicConfigs(ctx, changes, topic)
		if err := errors.Join(err, answer[0].Err); err != nil {
			return err
		}
		return errors.Join(becomes("segment.bytes", size), becomes("cleanup.policy", "delete,compact"), becomes("retention.ms", "604800000"))
	})(ctx)
}

func electLeaders(ctx context.Context) error {
	return withTopic(1, nil, func(ctx context.Context, topic string) error {
		set := kadm.TopicsSet{}
		set.Add(topic, 0)
		answer, err := admin.ElectLeaders(ctx, kadm.ElectPreferredReplica, set)
		if err != nil {
			return err
		}
		return expectError(answer[topic][0].Err, kerr.ElectionNotNeeded, "election where the preferred leader leads")
	})(ctx)
}

func reassignment(ctx context.Context) error {
	return withTopic(1, nil, func(ctx context.Context, topic string) error {
		replicas := func() []int32 {
			found, err := admin.ListTopics(ctx, topic)
			if err != nil {
				return nil
			}
			return found[topic].Partitions[0].Replicas
		}
		reversed := slices.Clone(replicas())
		slices.Reverse(reversed)
		request := kadm.AlterPartitionAssignmentsReq{}
		request.Assign(topic, 0, reversed)
		if answer, err := admin.AlterPartitionAssignments(ctx, request); err != nil || answer.Error() != nil {
			return errors.Join(err, answer.Error())
		}
		return waitUntil(ctx, func() string { return fmt.Sprintf("the replicas are %v, not %v", replicas(), reversed) },
			func() bool { return slices.Equal(replicas(), reversed) })
	})(ctx)
}

func logDirs(ctx context.Context) error {
	return withTopic(1, nil, func(ctx context.Context, topic string) error {
		if err := send(ctx, words(topic, 0, "a", "b")); err != nil {
			return err
		}
		found, err := admin.DescribeAllLogDirs(ctx, nil)
		if err != nil {
			return err
		}
		size := int64(0)
		for _, broker := range found {
			broker.Each(func(dir kadm.DescribedLogDir) {
				if partition, has := dir.Topics.Lookup(topic, 0); has {
					size += partition.Size
				}
			})
		}
		if size <= 0 {
			err = errors.Join(err, fmt.Errorf("the log directories have %d bytes of a topic with records", size))
		}
		return err
	})(ctx)
}
