package nodes

import (
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// BehaviourAnnotation is the annotation by which a test says how a Pod behaves.
const BehaviourAnnotation = "plumbline.test/behaviour"

// The behaviours that a Pod can be asked for. Without one it runs and is Ready, and a Job's Pod succeeds.
const (
	imagePullBackOff = "image-pull-backoff"
	crashLoop        = "crash-loop"
	neverReady       = "never-ready"
	slowStart        = "slow-start"
	fail             = "fail"
	runForever       = "run-forever"
)

// outcome is how a Pod is to look, as far as its behaviour decides that.
type outcome string

const (
	starting   outcome = "starting"
	pullFails  outcome = "pull-fails"
	crashing   outcome = "crashing"
	unready    outcome = "unready"
	running    outcome = "running"
	succeeded  outcome = "succeeded"
	failedExit outcome = "failed"
)

// outcomeOf returns how a Pod that began at `startedAt` looks at `now`, and after which time to look again (0: only
// when the Pod changes).
func outcomeOf(pod *corev1.Pod, startedAt, now time.Time) (outcome, time.Duration) {
	behaviour, argument, _ := strings.Cut(pod.Annotations[BehaviourAnnotation], "=")
	switch {
	case behaviour == imagePullBackOff || anyImageContains(pod, imagePullBackOff):
		return pullFails, 0
	case behaviour == crashLoop || anyImageContains(pod, crashLoop):
		return crashing, 0
	case behaviour == neverReady:
		return unready, 0
	case behaviour == runForever:
		return running, 0
	case behaviour == fail && restartsAlways(pod):
		return crashing, 0
	case behaviour == fail:
		return failedExit, 0
	case behaviour == slowStart:
		if left := startedAt.Add(parseDelay(argument)).Sub(now); left > 0 {
			return starting, left
		}
	}
	if !restartsAlways(pod) && ownedByJob(pod) {
		return succeeded, 0
	}
	return running, 0
}

// parseDelay reads a Go duration; a mistake means "very long", so that the test that made it notices.
func parseDelay(text string) time.Duration {
	delay, err := time.ParseDuration(text)
	if err != nil {
		return 24 * time.Hour
	}
	return delay
}

func restartsAlways(pod *corev1.Pod) bool {
	return pod.Spec.RestartPolicy == "" || pod.Spec.RestartPolicy == corev1.RestartPolicyAlways
}

func ownedByJob(pod *corev1.Pod) bool {
	for _, owner := range pod.OwnerReferences {
		if owner.Kind == "Job" {
			return true
		}
	}
	return false
}

func anyImageContains(pod *corev1.Pod, word string) bool {
	named := func(container corev1.Container) bool { return strings.Contains(container.Image, word) }
	return slices.ContainsFunc(pod.Spec.Containers, named) || slices.ContainsFunc(pod.Spec.InitContainers, named)
}
