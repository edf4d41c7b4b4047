// kfake, franz-go's broker for tests, as a process: kfake --brokers N.
//
// It says where it listens in one line of JSON on stdout, {"ready":true,"bootstrap":"HOST:PORT,…","name":"kfake vX"}, and
// ends when stdin closes or at SIGTERM, so that it does not outlive whoever started it.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/twmb/franz-go/pkg/kfake"
)

func main() {
	brokers := flag.Int("brokers", 1, "how many brokers")
	flag.Parse()
	cluster, err := kfake.NewCluster(kfake.NumBrokers(*brokers))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	ready := map[string]any{
		"ready":     true,
		"bootstrap": strings.Join(cluster.ListenAddrs(), ","),
		"name":      "kfake " + version(),
	}
	if err := json.NewEncoder(os.Stdout).Encode(ready); err != nil {
		os.Exit(1)
	}
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		end <- syscall.SIGTERM
	}()
	<-end
	cluster.Close()
}

// The version of the module that this program was built with.
func version() string {
	build, _ := debug.ReadBuildInfo()
	for _, module := range build.Deps {
		if module.Path == "github.com/twmb/franz-go/pkg/kfake" {
			return module.Version
		}
	}
	return "of an unknown version"
}
