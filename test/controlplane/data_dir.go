package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

const lockName = "lock"

// dataDir is a cluster's directory. Its lock is held as long as the cluster runs; the system releases it when the
// process ends, however it ends, and that is how a later start recognises what a killed one left behind.
type dataDir struct {
	path      string
	temporary bool
	lock      *os.File
}

func (d *dataDir) file(name string) string { return filepath.Join(d.path, name) }

// openDataDir opens the directory to keep, or makes a temporary one when `kept` is empty.
func openDataDir(kept, clusterName string) (*dataDir, error) {
	if kept != "" {
		return openKeptDir(kept)
	}
	base, err := temporaryBase()
	if err != nil {
		return nil, err
	}
	// Held while sweeping and while making a directory, so that nobody sweeps one that is made but not yet locked.
	baseLock, err := lockFile(filepath.Join(base, lockName), syscall.LOCK_EX)
	if err != nil {
		return nil, err
	}
	defer baseLock.Close()
	sweepStaleDirs(base)
	path, err := os.MkdirTemp(base, clusterName+"-")
	if err != nil {
		return nil, err
	}
	lock, err := lockFile(filepath.Join(path, lockName), syscall.LOCK_EX|syscall.LOCK_NB)
	return &dataDir{path: path, temporary: true, lock: lock}, err
}

func openKeptDir(path string) (*dataDir, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, err
	}
	lock, err := lockFile(filepath.Join(path, lockName), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("%s: another control plane is running with this data directory", path)
	}
	return &dataDir{path: path, lock: lock}, err
}

// temporaryBase returns the directory that holds this person's temporary data directories.
func temporaryBase() (string, error) {
	base := filepath.Join(os.TempDir(), fmt.Sprintf("plumbline-controlplane-%d", os.Getuid()))
	if err := os.Mkdir(base, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return "", err
	}
	state, err := os.Lstat(base)
	if err != nil {
		return "", err
	}
	owner, known := state.Sys().(*syscall.Stat_t)
	if !state.IsDir() || !known || int(owner.Uid) != os.Getuid() {
		return "", fmt.Errorf("%s: not a directory of yours; remove it or set TMPDIR", base)
	}
	return base, nil
}

func sweepStaleDirs(base string) {
	entries, err := os.ReadDir(base)
	if err != nil {
		return
	}
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		path := filepath.Join(base, entry.Name())
		lock, err := lockFile(filepath.Join(path, lockName), syscall.LOCK_EX|syscall.LOCK_NB)
		if err != nil {
			continue
		}
		os.RemoveAll(path)
		lock.Close()
	}
}

// lockFile opens the file and locks it. A process that is started meanwhile does not inherit the lock.
func lockFile(path string, how int) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), how); err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// release gives the directory up; a temporary one is removed.
func (d *dataDir) release() {
	d.discard()
	d.lock.Close()
}

// discard removes a temporary directory, also while a component still writes to it. It is moved away first, in one step:
// etcd may end the process when its files go, and what is left then is swept by a later start.
func (d *dataDir) discard() {
	if !d.temporary {
		return
	}
	path := d.path + ".gone"
	if os.Rename(d.path, path) != nil {
		path = d.path
	}
	for attempt := 0; attempt < 20 && os.RemoveAll(path) != nil; attempt++ {
		time.Sleep(50 * time.Millisecond)
	}
}
