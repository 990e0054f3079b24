package nodes

import (
	"fmt"
	"hash/fnv"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/ptr"
)

// hostIP is the address of every node. It leads nowhere (RFC 5737).
const hostIP = "192.0.2.10"

// statusOf returns the status that a node would report for the Pod at `now`, and after which time to ask again (0:
// only when the Pod changes). Asked again with its own answer it gives the same answer: times are kept.
func statusOf(pod *corev1.Pod, now time.Time) (corev1.PodStatus, time.Duration) {
	status := *pod.Status.DeepCopy()
	if status.Phase == corev1.PodSucceeded || status.Phase == corev1.PodFailed {
		return status, 0
	}
	if status.StartTime == nil {
		status.StartTime = ptr.To(metav1.NewTime(now).Rfc3339Copy())
	}
	result, again := outcomeOf(pod, status.StartTime.Time, now)
	status.ObservedGeneration = pod.Generation
	status.Phase = phaseOf(result)
	status.HostIP = hostIP
	status.HostIPs = []corev1.HostIP{{IP: hostIP}}
	if result != starting && result != pullFails {
		status.PodIP = podIP(pod)
		status.PodIPs = []corev1.PodIP{{IP: status.PodIP}}
	}
	begun := startOfContainers(pod, now)
	status.InitContainerStatuses = initContainerStatuses(pod, result, begun)
	status.ContainerStatuses = containerStatuses(pod, result, begun)
	setConditions(&status, pod.Generation, result, now)
	return status, again
}

func phaseOf(result outcome) corev1.PodPhase {
	switch result {
	case starting, pullFails:
		return corev1.PodPending
	case succeeded:
		return corev1.PodSucceeded
	case failedExit:
		return corev1.PodFailed
	default:
		return corev1.PodRunning
	}
}

// podIP derives an address in 10.128.0.0/9 from the Pod's uid, so that it needs no table and outlives a restart.
func podIP(pod *corev1.Pod) string {
	if pod.Spec.HostNetwork {
		return hostIP
	}
	hash := fnv.New32a()
	hash.Write([]byte(pod.UID))
	sum := hash.Sum32()
	return fmt.Sprintf("10.%d.%d.%d", 128|sum>>16&127, sum>>8&255, sum&255)
}

// setConditions sets the conditions that a kubelet reports and leaves those of others, such as PodScheduled, alone.
func setConditions(status *corev1.PodStatus, generation int64, result outcome, now time.Time) {
	begun := result != starting && result != pullFails
	set := func(kind corev1.PodConditionType, isTrue bool, reason string) {
		wanted := corev1.PodCondition{Type: kind, Status: corev1.ConditionTrue, ObservedGeneration: generation}
		if !isTrue {
			wanted.Status, wanted.Reason = corev1.ConditionFalse, reason
		}
		setCondition(status, wanted, now)
	}
	notReady := "ContainersNotReady"
	if result == succeeded {
		notReady = "PodCompleted"
	}
	set(corev1.PodReadyToStartContainers, begun, "")
	set(corev1.PodInitialized, begun, "ContainersNotInitialized")
	set(corev1.ContainersReady, result == running, notReady)
	set(corev1.PodReady, result == running, notReady)
}

func setCondition(status *corev1.PodStatus, wanted corev1.PodCondition, now time.Time) {
	wanted.LastTransitionTime = metav1.NewTime(now).Rfc3339Copy()
	for index, present := range status.Conditions {
		if present.Type != wanted.Type {
			continue
		}
		if present.Status == wanted.Status {
			wanted.LastTransitionTime = present.LastTransitionTime
		}
		status.Conditions[index] = wanted
		return
	}
	status.Conditions = append(status.Conditions, wanted)
}

// startOfContainers returns when the Pod's containers started, by its own status, or else `now`.
func startOfContainers(pod *corev1.Pod, now time.Time) metav1.Time {
	for _, container := range pod.Status.ContainerStatuses {
		if container.State.Running != nil {
			return container.State.Running.StartedAt
		}
		if container.LastTerminationState.Terminated != nil {
			return container.LastTerminationState.Terminated.StartedAt
		}
	}
	return metav1.NewTime(now).Rfc3339Copy()
}

func fakeID(kind string, uid types.UID, container string) string {
	return fmt.Sprintf("%s://%s-%s", kind, uid, container)
}
