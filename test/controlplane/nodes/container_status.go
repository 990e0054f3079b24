package nodes

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
)

// restartsShown is how often a crashing container is said to have been restarted.
const restartsShown = 3

func containerStatuses(pod *corev1.Pod, result outcome, begun metav1.Time) []corev1.ContainerStatus {
	statuses := make([]corev1.ContainerStatus, 0, len(pod.Spec.Containers))
	for _, container := range pod.Spec.Containers {
		statuses = append(statuses, containerStatus(pod, container, result, begun))
	}
	return statuses
}

// initContainerStatuses lets init containers be done, and sidecars (those that restart always) run with the rest.
func initContainerStatuses(pod *corev1.Pod, result outcome, begun metav1.Time) []corev1.ContainerStatus {
	var statuses []corev1.ContainerStatus
	for _, container := range pod.Spec.InitContainers {
		isSidecar := container.RestartPolicy != nil && *container.RestartPolicy == corev1.ContainerRestartPolicyAlways
		shown := result
		if result != starting && result != pullFails && !isSidecar {
			shown = succeeded
		}
		status := containerStatus(pod, container, shown, begun)
		status.Ready = shown == succeeded || status.Ready
		statuses = append(statuses, status)
	}
	return statuses
}

func containerStatus(pod *corev1.Pod, container corev1.Container, result outcome, begun metav1.Time) corev1.ContainerStatus {
	status := corev1.ContainerStatus{Name: container.Name, Image: container.Image, Started: ptr.To(false)}
	switch result {
	case starting:
		status.State.Waiting = &corev1.ContainerStateWaiting{Reason: "ContainerCreating"}
		return status
	case pullFails:
		status.State.Waiting = &corev1.ContainerStateWaiting{
			Reason:  "ImagePullBackOff",
			Message: fmt.Sprintf("Back-off pulling image %q", container.Image),
		}
		return status
	case crashing:
		status.RestartCount = restartsShown
		status.LastTerminationState.Terminated = terminated(1, "Error", begun)
		status.State.Waiting = &corev1.ContainerStateWaiting{
			Reason:  "CrashLoopBackOff",
			Message: fmt.Sprintf("back-off 40s restarting failed container=%s pod=%s_%s(%s)", container.Name, pod.Name, pod.Namespace, pod.UID),
		}
	case succeeded:
		status.State.Terminated = terminated(0, "Completed", begun)
	case failedExit:
		status.State.Terminated = terminated(1, "Error", begun)
	case running, unready:
		status.Ready = result == running
		status.Started = ptr.To(true)
		status.State.Running = &corev1.ContainerStateRunning{StartedAt: begun}
	}
	status.ContainerID = fakeID("test", pod.UID, container.Name)
	status.ImageID = container.Image
	return status
}

func terminated(exitCode int32, reason string, at metav1.Time) *corev1.ContainerStateTerminated {
	return &corev1.ContainerStateTerminated{ExitCode: exitCode, Reason: reason, StartedAt: at, FinishedAt: at}
}
