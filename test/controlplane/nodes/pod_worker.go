package nodes

import (
	"context"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	coreinformers "k8s.io/client-go/informers/core/v1"
	"k8s.io/client-go/kubernetes"
	corelisters "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/workqueue"
	"k8s.io/klog/v2"
	"k8s.io/utils/ptr"
)

const podWorkers = 8

// podWorker reports the status of every scheduled Pod, and removes those that are being deleted.
type podWorker struct {
	client kubernetes.Interface
	pods   corelisters.PodLister
	synced cache.InformerSynced
	queue  workqueue.TypedRateLimitingInterface[cache.ObjectName]
}

func newPodWorker(client kubernetes.Interface, informer coreinformers.PodInformer) (*podWorker, error) {
	limiter := workqueue.NewTypedItemExponentialFailureRateLimiter[cache.ObjectName](20*time.Millisecond, 5*time.Second)
	worker := &podWorker{
		client: client,
		pods:   informer.Lister(),
		synced: informer.Informer().HasSynced,
		queue:  workqueue.NewTypedRateLimitingQueue(limiter),
	}
	enqueue := func(object any) {
		if pod, isPod := object.(*corev1.Pod); isPod && pod.Spec.NodeName != "" {
			worker.queue.Add(cache.MetaObjectToName(pod))
		}
	}
	_, err := informer.Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    enqueue,
		UpdateFunc: func(_, object any) { enqueue(object) },
	})
	return worker, err
}

// run works until the context ends.
func (w *podWorker) run(ctx context.Context) {
	cache.WaitForCacheSync(ctx.Done(), w.synced)
	var workers sync.WaitGroup
	for range podWorkers {
		workers.Go(func() {
			for w.next(ctx) {
			}
		})
	}
	<-ctx.Done()
	w.queue.ShutDown()
	workers.Wait()
}

func (w *podWorker) next(ctx context.Context) bool {
	name, ended := w.queue.Get()
	if ended {
		return false
	}
	defer w.queue.Done(name)
	again, err := w.report(ctx, name)
	switch {
	case err != nil:
		klog.V(2).InfoS("pod is not reported", "pod", name, "err", err)
		w.queue.AddRateLimited(name)
	case again > 0:
		w.queue.Forget(name)
		w.queue.AddAfter(name, again)
	default:
		w.queue.Forget(name)
	}
	return true
}

// report brings the status of one Pod up to date, and returns after which time to do so again (0: when it changes).
func (w *podWorker) report(ctx context.Context, name cache.ObjectName) (time.Duration, error) {
	pod, err := w.pods.Pods(name.Namespace).Get(name.Name)
	if apierrors.IsNotFound(err) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if pod.DeletionTimestamp != nil {
		return 0, w.remove(ctx, pod)
	}
	status, again := statusOf(pod, time.Now())
	if equality.Semantic.DeepEqual(status, pod.Status) {
		return again, nil
	}
	updated := pod.DeepCopy()
	updated.Status = status
	_, err = w.client.CoreV1().Pods(pod.Namespace).UpdateStatus(ctx, updated, metav1.UpdateOptions{})
	if apierrors.IsNotFound(err) {
		return 0, nil
	}
	return again, err
}

func (w *podWorker) remove(ctx context.Context, pod *corev1.Pod) error {
	err := w.client.CoreV1().Pods(pod.Namespace).Delete(ctx, pod.Name, metav1.DeleteOptions{
		GracePeriodSeconds: ptr.To[int64](0),
		Preconditions:      &metav1.Preconditions{UID: &pod.UID},
	})
	if apierrors.IsNotFound(err) || apierrors.IsConflict(err) {
		return nil
	}
	return err
}
