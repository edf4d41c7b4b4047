package main

// The four partition assignors of a Kafka consumer group. Nothing in this file knows of lockstep.
// The rules, and the order of everything that Kafka leaves to its hash maps, are those of
// docs/protocol/choosing.md.

import (
	"cmp"
	"slices"
)

type partition struct {
	Topic     string `json:"topic"`
	Partition int    `json:"partition"`
}

// byNumber orders partitions by topic, then number: t-2 comes before t-10.
func byNumber(a, b partition) int {
	if order := cmp.Compare(a.Topic, b.Topic); order != 0 {
		return order
	}
	return cmp.Compare(a.Partition, b.Partition)
}

type member struct {
	id         string
	instanceID *string // of a static member (KIP-345)
	topics     []string
	owned      []partition
	generation int // since when it owns them
}

func (m *member) subscribes(topic string) bool { return slices.Contains(m.topics, topic) }

func (m *member) owns(p partition) bool { return slices.Contains(m.owned, p) }

// byIdentity is the order in which members are served: static ones first, for their member ids
// change with every restart and their instance ids do not.
func byIdentity(a, b *member) int {
	switch {
	case a.instanceID != nil && b.instanceID == nil:
		return -1
	case a.instanceID == nil && b.instanceID != nil:
		return 1
	case a.instanceID != nil && *a.instanceID != *b.instanceID:
		return cmp.Compare(*a.instanceID, *b.instanceID)
	}
	return cmp.Compare(a.id, b.id)
}

// assignment has a share for every member, by its id.
type assignment map[string][]partition

// assignor distributes all partitions of the topics among the members, which are in the order of
// byIdentity.
type assignor func(members []*member, counts map[string]int) assignment

// subscribed lists the partitions of existing topics that somebody subscribes to, in order.
func subscribed(members []*member, counts map[string]int) []partition {
	var all []partition
	for topic, count := range counts {
		if slices.ContainsFunc(members, func(m *member) bool { return m.subscribes(topic) }) {
			for number := 0; number < count; number++ {
				all = append(all, partition{topic, number})
			}
		}
	}
	slices.SortFunc(all, byNumber)
	return all
}

// ---- range ---------------------------------------------------------------------------------------

// runOf says how many of the partitions of one topic a member gets, and from which one on.
type runOf func(index, partitions, members int) (start, length int)

// rangeAssignor gives every member one run of neighbouring partitions of each of its topics.
func rangeAssignor(run runOf) assignor {
	return func(members []*member, counts map[string]int) assignment {
		shares := assignment{}
		for topic, count := range counts {
			var subscribers []*member
			for _, m := range members {
				if m.subscribes(topic) {
					subscribers = append(subscribers, m)
				}
			}
			for i, m := range subscribers {
				start, length := run(i, count, len(subscribers))
				for number := start; number < start+length; number++ {
					shares[m.id] = append(shares[m.id], partition{topic, number})
				}
			}
		}
		return shares
	}
}

// remainderFirst gives what does not divide to the first members, one partition each.
func remainderFirst(index, partitions, members int) (start, length int) {
	quotient, remainder := partitions/members, partitions%members
	start, length = index*quotient+min(index, remainder), quotient
	if index < remainder {
		length++
	}
	return start, length
}

// remainderLast is the planted mistake of --wrong: it gives the remainder to the last members. All
// shares are as large as they should be, and no partition is lost.
func remainderLast(index, partitions, members int) (start, length int) {
	start, length = remainderFirst(members-1-index, partitions, members)
	return partitions - start - length, length
}

// ---- roundrobin ----------------------------------------------------------------------------------

// roundRobinAssignor deals the partitions out like cards, over the borders of topics.
func roundRobinAssignor(members []*member, counts map[string]int) assignment {
	shares := assignment{}
	next := 0
	for _, p := range subscribed(members, counts) {
		for !members[next%len(members)].subscribes(p.Topic) {
			next++
		}
		m := members[next%len(members)]
		shares[m.id] = append(shares[m.id], p)
		next++
	}
	return shares
}

// ---- sticky and cooperative-sticky ---------------------------------------------------------------

// stickyAssignor balances the shares, and moves as few partitions as it can from who owned them.
func stickyAssignor(members []*member, counts map[string]int) assignment {
	s := sticking{members: members, shares: assignment{}, holder: map[partition]*member{}}
	s.partitions = subscribed(members, counts)
	claims := countedClaims(members, counts)
	if equalSubscriptions(members, counts) {
		s.fillEvenly(claims)
	} else {
		s.keepAll(claims)
		s.fill()
		s.balance()
	}
	return s.shares
}

// countedClaims says what each member owned and may keep. A member that was away may claim what was
// meanwhile given to another: then the younger generation counts (KIP-341). Two claims of the same
// generation cannot both be true, and it is not to be known which one is, so neither counts.
func countedClaims(members []*member, counts map[string]int) assignment {
	newest := map[partition]int{}
	claimants := map[partition][]*member{} // those of the newest generation
	for _, m := range members {
		for _, p := range m.owned {
			if p.Partition < 0 || p.Partition >= counts[p.Topic] || !m.subscribes(p.Topic) {
				continue
			}
			if len(claimants[p]) == 0 || m.generation > newest[p] {
				newest[p], claimants[p] = m.generation, nil
			}
			if m.generation == newest[p] {
				claimants[p] = append(claimants[p], m)
			}
		}
	}
	claims := assignment{}
	for p, claiming := range claimants {
		if len(claiming) == 1 {
			claims[claiming[0].id] = append(claims[claiming[0].id], p)
		}
	}
	for _, claimed := range claims {
		slices.SortFunc(claimed, byNumber)
	}
	return claims
}

func equalSubscriptions(members []*member, counts map[string]int) bool {
	for topic := range counts {
		for _, m := range members {
			if m.subscribes(topic) != members[0].subscribes(topic) {
				return false
			}
		}
	}
	return true
}

// sticking is an assignment under way.
type sticking struct {
	members    []*member
	partitions []partition
	shares     assignment
	holder     map[partition]*member
}

func (s *sticking) give(p partition, m *member) {
	s.shares[m.id] = append(s.shares[m.id], p)
	s.holder[p] = m
}

func (s *sticking) size(m *member) int { return len(s.shares[m.id]) }

func (s *sticking) unheld() []partition {
	return slices.DeleteFunc(slices.Clone(s.partitions), func(p partition) bool { return s.holder[p] != nil })
}

// smallest is the member with the smallest share of those that may have more, nil if none may.
func (s *sticking) smallest(may func(*member) bool) *member {
	var found *member
	for _, m := range s.members {
		if may(m) && (found == nil || s.size(m) < s.size(found)) {
			found = m
		}
	}
	return found
}

// fillEvenly is the case in which anybody may have anything: all shares get the same size, but for
// the remainder, and are known before a partition is given.
func (s *sticking) fillEvenly(claims assignment) {
	if len(s.members) == 0 {
		return
	}
	least, remainder := len(s.partitions)/len(s.members), len(s.partitions)%len(s.members)
	larger := 0 // members that keep one more than the least
	for _, m := range s.members {
		kept := claims[m.id]
		if len(kept) > least {
			size := least
			if larger < remainder {
				size++
				larger++
			}
			kept = kept[:size]
		}
		for _, p := range kept {
			s.give(p, m)
		}
	}
	for _, p := range s.unheld() {
		m := s.smallest(func(m *member) bool { return s.size(m) < least })
		if m == nil {
			m = s.smallest(func(m *member) bool { return s.size(m) == least })
		}
		s.give(p, m)
	}
}

func (s *sticking) keepAll(claims assignment) {
	for _, m := range s.members {
		for _, p := range claims[m.id] {
			s.give(p, m)
		}
	}
}

// fill gives what nobody holds to the smallest shares. Partitions that few may have come first,
// while those few have little.
func (s *sticking) fill() {
	subscribers := map[string]int{}
	for _, m := range s.members {
		for _, topic := range m.topics {
			subscribers[topic]++
		}
	}
	unheld := s.unheld() // in order; a stable sort keeps it among equals
	slices.SortStableFunc(unheld, func(a, b partition) int {
		return cmp.Compare(subscribers[a.Topic], subscribers[b.Topic])
	})
	for _, p := range unheld {
		s.give(p, s.smallest(func(m *member) bool { return m.subscribes(p.Topic) }))
	}
}

// balance moves one partition at a time from a large share to one that has at least two fewer, until
// there is none. It ends: every move makes the sum of the squares of the sizes smaller.
func (s *sticking) balance() {
	for s.moveOne() {
	}
}

func (s *sticking) moveOne() bool {
	givers := slices.Clone(s.members)
	slices.SortStableFunc(givers, func(a, b *member) int { return cmp.Compare(s.size(b), s.size(a)) })
	for _, giver := range givers {
		share := s.shares[giver.id]
		slices.SortFunc(share, byNumber)
		for i, p := range share {
			taker := s.smallest(func(m *member) bool { return m.subscribes(p.Topic) })
			if s.size(taker) <= len(share)-2 {
				s.shares[giver.id] = slices.Delete(share, i, i+1)
				s.give(p, taker)
				return true
			}
		}
	}
	return false
}

// cooperativeStickyAssignor never takes a partition from one member and gives it to another at once:
// the owner goes on consuming while the group rebalances, so it has to give the partition back first.
// Whoever shall have it gets it in the next rebalance (KIP-429).
func cooperativeStickyAssignor(members []*member, counts map[string]int) assignment {
	shares := stickyAssignor(members, counts)
	for _, m := range members {
		shares[m.id] = slices.DeleteFunc(shares[m.id], func(p partition) bool {
			return !m.owns(p) && slices.ContainsFunc(members, func(other *member) bool { return other.owns(p) })
		})
	}
	return shares
}
