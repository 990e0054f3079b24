// Package nodes plays the kubelets of a test cluster: its nodes are Ready, and whatever Pod is scheduled to them
// runs, as far as the API can tell. How a Pod behaves is read from the Pod itself (behaviour.go).
package nodes

import (
	"context"
	"fmt"

	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// Run keeps `count` nodes and their Pods going until the context ends. It may be started before the API server is.
func Run(ctx context.Context, config *rest.Config, count int) error {
	config = rest.CopyConfig(config)
	config.QPS = -1
	// The name by which a real node's writes are known in managedFields and in the audit log.
	config.UserAgent = "kubelet/test"
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	for number := 1; number <= count; number++ {
		go keepNode(ctx, client, fmt.Sprintf("node-%d", number))
	}
	factory := informers.NewSharedInformerFactory(client, 0)
	pods, err := newPodWorker(client, factory.Core().V1().Pods())
	if err != nil {
		return err
	}
	factory.Start(ctx.Done())
	pods.run(ctx)
	return ctx.Err()
}
