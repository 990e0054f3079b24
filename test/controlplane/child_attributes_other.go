//go:build !linux

package main

import "syscall"

// childAttributes gives a child a group of its own, which keeps Ctrl-C away from it. There is no parent death signal
// here: the closed pipe of exitWhenStdinCloses has to do.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
