package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"
)

// A check fails with a sentence: what was expected and what came instead.
type check struct {
	name string
	run  func(ctx context.Context) error
}

var (
	bootstrap = flag.String("bootstrap", "", "HOST:PORT[,HOST:PORT…]")
	only      = flag.String("only", "", "run only the checks whose name contains this")
)

// runChecks runs every check, also after one has failed, prints one line of JSON at the end, and ends the process.
func runChecks(client, version string, checks []check) {
	type failure struct {
		Check string `json:"check"`
		Why   string `json:"why"`
	}
	report := struct {
		Client  string    `json:"client"`
		Version string    `json:"version"`
		Checks  []string  `json:"checks"`
		Failed  []failure `json:"failed"`
	}{client, version, []string{}, []failure{}}
	for _, one := range checks {
		if !strings.Contains(one.name, *only) {
			continue
		}
		started := time.Now()
		ctx, cancel := context.WithTimeout(context.Background(), 25*time.Second)
		err := one.run(ctx)
		cancel()
		seconds := time.Since(started).Seconds()
		if err != nil {
			report.Failed = append(report.Failed, failure{one.name, err.Error()})
			fmt.Fprintf(os.Stderr, "FAILED %s: %v (%.1f s)\n", one.name, err, seconds)
			continue
		}
		report.Checks = append(report.Checks, one.name)
		fmt.Fprintf(os.Stderr, "  ok %s (%.1f s)\n", one.name, seconds)
	}
	line, _ := json.Marshal(report)
	fmt.Println(string(line))
	if len(report.Failed) > 0 || len(report.Checks) == 0 {
		os.Exit(1)
	}
}

// unique gives a name of a topic or group that no earlier run has used.
func unique(word string) string {
	bytes := make([]byte, 5)
	_, _ = rand.Read(bytes)
	return word + "-" + hex.EncodeToString(bytes)
}

func expect(actual, expected any, what string) error {
	if a, e := fmt.Sprintf("%#v", actual), fmt.Sprintf("%#v", expected); a != e {
		return fmt.Errorf("%s: expected %.300s, got %.300s", what, e, a)
	}
	return nil
}

// expectError expects an error that is the given one.
func expectError(err, expected error, what string) error {
	if !errors.Is(err, expected) {
		return fmt.Errorf("%s: expected %v, got %v", what, expected, err)
	}
	return nil
}

// waitUntil looks every 20 ms; Apache Kafka's brokers learn a moment later what another was told.
func waitUntil(ctx context.Context, what func() string, condition func() bool) error {
	until := time.Now().Add(12 * time.Second)
	for !condition() {
		if time.Now().After(until) || ctx.Err() != nil {
			return errors.New(what() + " after 12 s")
		}
		time.Sleep(20 * time.Millisecond)
	}
	return nil
}
