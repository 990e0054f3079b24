//go:build !linux

package main

import "syscall"

// dieWithParent does nothing here: the closed pipe of exitWhenStdinCloses has to do.
func dieWithParent() *syscall.SysProcAttr { return nil }
