// Command controlplane is a real Kubernetes control plane in one binary, for tests and for the demo:
// etcd, kube-apiserver, kube-controller-manager and kube-scheduler, with nodes that only pretend to run Pods.
//
// `controlplane start` runs a whole cluster until its standard input closes. `controlplane <component>` runs one
// component with its own flags, as the released binary of that name would.
package main

import (
	"fmt"
	"os"
)

const usage = `usage: controlplane start [flags]        a whole cluster (controlplane start --help)
       controlplane etcd|kube-apiserver|kube-controller-manager|kube-scheduler [flags of that component]`

func main() {
	if len(os.Args) < 2 {
		exitWith(usage)
	}
	command, args := os.Args[1], os.Args[2:]
	if command == "start" {
		if err := start(args); err != nil {
			exitWith(err.Error())
		}
		return
	}
	if !runComponent(command, args) {
		exitWith(usage)
	}
}

func exitWith(message string) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(1)
}
