// The assignors of a Kafka consumer group, as a subject of kafka-lockstep:
//
//	go build -o assignor . && npx lockstep validate --exec ./assignor
//	npx lockstep validate --exec "./assignor --wrong"     # finds a planted mistake
//
// assignors.go knows nothing of lockstep. This file has the small group that lockstep plays with, and
// the loop that speaks its protocol (docs/subjects.md). Standard library only, Go 1.21 or newer.
package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"flag"
	"log"
	"maps"
	"os"
	"slices"
)

// ---- the group -----------------------------------------------------------------------------------

type group struct {
	assignors  map[string]assignor
	members    map[string]*member
	counts     map[string]int // of the topics that exist
	generation int
}

func newGroup(assignors map[string]assignor) *group {
	return &group{assignors: assignors, members: map[string]*member{}, counts: map[string]int{}}
}

// sortedSet has each element once. It is never nil, which would be null in JSON.
func sortedSet[T comparable](elements []T, order func(a, b T) int) []T {
	set := append([]T{}, elements...)
	slices.SortFunc(set, order)
	return slices.Compact(set)
}

func (g *group) join(id string, instanceID *string, topics []string) {
	m := g.members[id]
	if m == nil {
		m = &member{id: id, owned: []partition{}, generation: -1}
		g.members[id] = m
	}
	m.instanceID = instanceID
	m.topics = sortedSet(topics, cmp.Compare[string])
}

func (g *group) setPartitionCount(topic string, count int) {
	g.counts[topic] = count
	if count == 0 {
		delete(g.counts, topic)
	}
}

func (g *group) claim(id string, owned []partition, generation int) {
	if m := g.members[id]; m != nil {
		m.owned, m.generation = sortedSet(owned, byNumber), generation
	}
}

// assign hands the shares out, and answers the members, which now own them.
func (g *group) assign(name string) []*member {
	members := g.sortedMembers()
	inOrder := slices.Clone(members)
	slices.SortFunc(inOrder, byIdentity)
	shares := g.assignors[name](inOrder, g.counts)
	g.generation++
	for _, m := range members {
		m.owned, m.generation = sortedSet(shares[m.id], byNumber), g.generation
	}
	return members
}

func (g *group) sortedMembers() []*member {
	members := make([]*member, 0, len(g.members))
	for _, m := range g.members {
		members = append(members, m)
	}
	slices.SortFunc(members, func(a, b *member) int { return cmp.Compare(a.id, b.id) })
	return members
}

// ---- the protocol --------------------------------------------------------------------------------

type object = map[string]any

type request struct {
	Kind      string    `json:"kind"`
	ID        int       `json:"id"`
	Operation operation `json:"operation"`
}

// operation has the fields of every kind of operation; a kind fills its own.
type operation struct {
	Kind            string      `json:"kind"`
	MemberID        string      `json:"memberId"`
	GroupInstanceID *string     `json:"groupInstanceId"`
	Topics          []string    `json:"topics"`
	Topic           string      `json:"topic"`
	Count           int         `json:"count"`
	Owned           []partition `json:"owned"`
	GenerationID    int         `json:"generationId"`
	Assignor        string      `json:"assignor"`
}

// apply carries an operation out and answers its outcome.
func apply(g *group, o operation) object {
	switch o.Kind {
	case "join":
		g.join(o.MemberID, o.GroupInstanceID, o.Topics)
	case "leave":
		delete(g.members, o.MemberID)
	case "setPartitionCount":
		g.setPartitionCount(o.Topic, o.Count)
	case "claim":
		g.claim(o.MemberID, o.Owned, o.GenerationID)
	case "assign":
		shares := []object{}
		for _, m := range g.assign(o.Assignor) {
			shares = append(shares, object{"memberId": m.id, "partitions": m.owned})
		}
		return object{"kind": "assigned", "assignment": shares}
	default:
		log.Fatalf("an operation that was not declared: %s", o.Kind) // on stderr; lockstep shows it
	}
	return object{"kind": "done"}
}

func observe(g *group) object {
	topics := []object{}
	for _, topic := range sortedTopics(g.counts) {
		topics = append(topics, object{"topic": topic, "count": g.counts[topic]})
	}
	members := []object{}
	for _, m := range g.sortedMembers() {
		members = append(members, object{
			"memberId":        m.id,
			"groupInstanceId": m.instanceID,
			"topics":          m.topics,
			"owned":           m.owned,
			"generationId":    m.generation,
		})
	}
	return object{"generationId": g.generation, "topics": topics, "members": members}
}

func sortedTopics(counts map[string]int) []string {
	topics := make([]string, 0, len(counts))
	for topic := range counts {
		topics = append(topics, topic)
	}
	slices.Sort(topics)
	return topics
}

func main() {
	wrong := flag.Bool("wrong", false, "make a mistake that lockstep finds")
	flag.Parse()
	run := remainderFirst
	if *wrong {
		run = remainderLast
	}
	assignors := map[string]assignor{
		"range":              rangeAssignor(run),
		"roundrobin":         roundRobinAssignor,
		"sticky":             stickyAssignor,
		"cooperative-sticky": cooperativeStickyAssignor,
	}

	var g *group
	requests := json.NewDecoder(bufio.NewReader(os.Stdin))
	answers := json.NewEncoder(os.Stdout) // unbuffered, a line each: there is nothing to flush
	for requests.More() {
		var r request
		if err := requests.Decode(&r); err != nil {
			log.Fatal(err)
		}
		answer := object{"id": r.ID}
		switch r.Kind {
		case "hello":
			// Neither operations nor observation are listed: all of them.
			maps.Copy(answer, object{"kind": "hello", "version": 1, "name": "assignor in Go",
				"scopes": object{"assignor": object{}}})
		case "start":
			g = newGroup(assignors)
			answer["kind"] = "started"
		case "apply":
			answer["kind"] = "applied"
			answer["outcome"] = apply(g, r.Operation)
			answer["observation"] = observe(g)
		}
		if err := answers.Encode(answer); err != nil {
			log.Fatal(err)
		}
	}
}
