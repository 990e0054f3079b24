package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/embed"
	"k8s.io/client-go/kubernetes"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
)

func main() {
	_ = embed.NewConfig()
	_ = kubernetes.NewForConfigOrDie
	switch os.Args[1] {
	case "a":
		apiserver.NewAPIServerCommand().Execute()
	case "c":
		controllers.NewControllerManagerCommand().Execute()
	case "s":
		scheduler.NewSchedulerCommand().Execute()
	}
}
