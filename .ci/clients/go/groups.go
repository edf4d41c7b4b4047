package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

// A member of a group: what it owns, what it has read and committed, and how often that changed.
type member struct {
	mutex   sync.Mutex
	owned   []int32
	seen    []string
	changes int
	client  *kgo.Client
	cancel  context.CancelFunc
	done    sync.WaitGroup
}

func join(group, topic string, options ...kgo.Opt) *member {
	m := &member{}
	take := func(change func([]int32)) func(context.Context, *kgo.Client, map[string][]int32) {
		return func(_ context.Context, _ *kgo.Client, partitions map[string][]int32) {
			m.mutex.Lock()
			defer m.mutex.Unlock()
			if len(partitions[topic]) > 0 {
				m.changes++
			}
			change(partitions[topic])
			slices.Sort(m.owned)
		}
	}
	lose := take(func(gone []int32) {
		m.owned = slices.DeleteFunc(m.owned, func(one int32) bool { return slices.Contains(gone, one) })
	})
	m.client = client(append([]kgo.Opt{
		kgo.ConsumerGroup(group), kgo.ConsumeTopics(topic), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.SessionTimeout(6 * time.Second), kgo.HeartbeatInterval(300 * time.Millisecond), kgo.FetchMaxWait(100 * time.Millisecond),
		kgo.DisableAutoCommit(), kgo.OnPartitionsAssigned(take(func(added []int32) { m.owned = append(m.owned, added...) })),
		kgo.OnPartitionsRevoked(lose), kgo.OnPartitionsLost(lose),
	}, options...)...)
	ctx, cancel := context.WithCancel(context.Background())
	m.cancel = cancel
	m.done.Add(1)
	go func() {
		defer m.done.Done()
		for ctx.Err() == nil {
			records := m.client.PollFetches(ctx).Records()
			m.mutex.Lock()
			for _, record := range records {
				m.seen = append(m.seen, fmt.Sprintf("%d:%d", record.Partition, record.Offset))
			}
			m.mutex.Unlock()
			if len(records) > 0 {
				_ = m.client.CommitRecords(ctx, records...)
			}
		}
	}()
	return m
}

func (m *member) look() (owned string, seen []string, changes int) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return strings.Trim(fmt.Sprint(m.owned), "[]"), slices.Clone(m.seen), m.changes
}

func (m *member) owns(count int) bool {
	owned, _, _ := m.look()
	return len(strings.Fields(owned)) == count
}

func (m *member) leave() {
	m.cancel()
	m.done.Wait()
	m.client.Close()
}

func group(balancer kgo.GroupBalancer, contiguous bool) func(context.Context) error {
	return withTopic(6, nil, func(ctx context.Context, topic string) error {
		name := unique("group")
		first := join(name, topic, kgo.Balancers(balancer))
		both := func(second *member) func() string {
			return func() string {
				a, seenA, _ := first.look()
				if second == nil {
					return "the only member owns " + a
				}
				b, seenB, _ := second.look()
				return fmt.Sprintf("two members own %s and %s, and have read %d and %d records", a, b, len(seenA), len(seenB))
			}
		}
		if err := waitUntil(ctx, both(nil), func() bool { return first.owns(6) }); err != nil {
			return err
		}
		second := join(name, topic, kgo.Balancers(balancer))
		if err := waitUntil(ctx, both(second), func() bool { return first.owns(3) && second.owns(3) }); err != nil {
			return err
		}
		a, _, _ := first.look()
		b, _, _ := second.look()
		parts := []string{a, b}
		sort.Strings(parts)
		if contiguous {
			if err := expect(parts, []string{"0 1 2", "3 4 5"}, "parts of the range balancer"); err != nil {
				return err
			}
		}
		for partition := int32(0); partition < 6; partition++ {
			if err := send(ctx, words(topic, partition, "a", "b")); err != nil {
				return err
			}
		}
		var all []string
		complete := func() bool {
			_, x, _ := first.look()
			_, y, _ := second.look()
			all = append(x, y...)
			return len(all) >= 12
		}
		if err := waitUntil(ctx, both(second), complete); err != nil {
			return err
		}
		sort.Strings(all)
		expected := []string{"0:0", "0:1", "1:0", "1:1", "2:0", "2:1", "3:0", "3:1", "4:0", "4:1", "5:0", "5:1"}
		if err := expect(all, expected, "what both read, once"); err != nil {
			return err
		}
		time.Sleep(200 * time.Millisecond) // the last commit
		first.leave()
		if err := waitUntil(ctx, both(second), func() bool { return second.owns(6) }); err != nil {
			return err
		}
		second.leave()
		if err := send(ctx, words(topic, 3, "c")); err != nil {
			return err
		}
		third := join(name, topic, kgo.Balancers(balancer))
		reads := func() bool { _, seen, _ := third.look(); return len(seen) > 0 }
		if err := waitUntil(ctx, func() string { return "a restarted group reads nothing" }, reads); err != nil {
			return err
		}
		third.leave()
		_, seen, _ := third.look()
		_, err := admin.DeleteGroup(ctx, name)
		return errors.Join(err, expect(seen, []string{"3:2"}, "what a restarted group reads"))
	})
}

func staticMembership(ctx context.Context) error {
	return withTopic(4, nil, func(ctx context.Context, topic string) error {
		name := unique("static")
		first := join(name, topic, kgo.InstanceID("one"))
		second := join(name, topic, kgo.InstanceID("two"))
		shared := func() string { return "two static members do not share 4 partitions" }
		if err := waitUntil(ctx, shared, func() bool { return first.owns(2) && second.owns(2) }); err != nil {
			return err
		}
		before, _, _ := first.look()
		_, _, changes := second.look()
		first.leave()
		again := join(name, topic, kgo.InstanceID("one"))
		if err := waitUntil(ctx, func() string { return "a restarted static member owns nothing" }, func() bool { return again.owns(2) }); err != nil {
			return err
		}
		time.Sleep(700 * time.Millisecond)
		after, _, _ := again.look()
		_, _, later := second.look()
		again.leave()
		second.leave()
		_, err := admin.LeaveGroup(ctx, kadm.LeaveGroup(name).InstanceIDs("one", "two"))
		_, deleted := admin.DeleteGroup(ctx, name)
		return errors.Join(err, deleted, expect(after, before, "what a restarted static member owns"),
			expect(later, changes, "changes of the other member's partitions while a static one restarted"))
	})(ctx)
}

func groupOffsets(ctx context.Context) error {
	return withTopic(1, nil, func(ctx context.Context, topic string) error {
		name := unique("offsets")
		if err := send(ctx, words(topic, 0, "a", "b", "c")); err != nil {
			return err
		}
		one := join(name, topic)
		committed := func() int64 {
			found, _ := admin.FetchOffsets(ctx, name)
			offset, _ := found.Lookup(topic, 0)
			return offset.At
		}
		if err := waitUntil(ctx, func() string { return "offset 3 is not committed" }, func() bool { return committed() == 3 }); err != nil {
			return err
		}
		described, err := admin.DescribeGroups(ctx, name)
		if err != nil {
			return err
		}
		found, err := admin.ListGroups(ctx)
		if err != nil {
			return err
		}
		_, inUse := admin.DeleteGroup(ctx, name)
		one.leave()
		change := kadm.Offsets{}
		change.AddOffset(topic, 0, 1, -1)
		altered := admin.CommitAllOffsets(ctx, name, change)
		set := kadm.TopicsSet{}
		set.Add(topic, 0)
		at := committed()
		_, removed := admin.DeleteOffsets(ctx, name, set)
		_, deleted := admin.DeleteGroup(ctx, name)
		_, twice := admin.DeleteGroup(ctx, name)
		return errors.Join(altered, removed, deleted, expect(described[name].State, "Stable", "state of the group"),
			expect(found[name].State, "Stable", "state of the listed group"), expect(at, int64(1), "committed offset after it was altered"),
			expectError(inUse, kerr.NonEmptyGroup, "deleting a group in use"), expectError(twice, kerr.GroupIDNotFound, "deleting a group twice"))
	})(ctx)
}
