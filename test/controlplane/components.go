package main

import (
	"os"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
)

// newComponentCommand holds the Kubernetes components that are run as processes of their own. Two of them in one
// process panic: each sets up logging and signal handlers for itself.
var newComponentCommand = map[string]func() *cobra.Command{
	"kube-apiserver":          apiserver.NewAPIServerCommand,
	"kube-controller-manager": func() *cobra.Command { return controllermanager.NewControllerManagerCommand() },
	"kube-scheduler":          func() *cobra.Command { return scheduler.NewSchedulerCommand() },
}

// runComponent runs one component until it ends, and reports whether there is one of that name.
func runComponent(name string, args []string) bool {
	if os.Getenv(stopWithParentVariable) != "" {
		exitWhenStdinCloses()
	}
	// client-go derives the user agent, and with it the field manager, from the name of the program.
	os.Args = append([]string{name}, args...)
	if name == "etcd" {
		etcdmain.Main(os.Args)
		return true
	}
	newCommand, known := newComponentCommand[name]
	if known {
		os.Exit(cli.Run(newCommand()))
	}
	return false
}
