package takeover

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"slices"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// startTime is how long the next process may take from its question until it serves.
const startTime = time.Minute

// Host hands the listeners of this process to the next one.
type Host struct {
	dir       folder
	listeners map[string]*Listener
	next      Next

	mu       sync.Mutex
	listener *net.UnixListener
	file     os.FileInfo // of the socket, to know it again
	closed   bool
	given    bool          // a process that lives has the listeners
	heir     *net.UnixConn // to that process when it serves
}

// Offer hands the listeners, by name, to whoever asks in the folder dir, which must be
// of the same user. It takes the place of a process that offered there before.
func Offer(dir string, listeners map[string]*Listener, next Next) (*Host, error) {
	if len(listeners) > maxListeners {
		return nil, fmt.Errorf("offering the listeners: more than %d", maxListeners)
	}
	f, err := openFolder(dir)
	if err != nil {
		return nil, fmt.Errorf("offering the listeners: %w", err)
	}
	h := &Host{dir: f, listeners: listeners, next: next}
	if err := h.listen(); err != nil {
		f.Close()
		return nil, fmt.Errorf("offering the listeners: %w", err)
	}
	go h.serve()
	return h, nil
}

// listen makes the socket beside its place and moves it there, so that there is always one.
func (h *Host) listen() (err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return net.ErrClosed
	}
	fresh := h.dir.path(fmt.Sprintf("%s.%d", socketName, os.Getpid()))
	_ = os.Remove(fresh)
	listener, err := net.ListenUnix("unixpacket", &net.UnixAddr{Name: fresh, Net: "unixpacket"})
	if err != nil {
		return err
	}
	listener.SetUnlinkOnClose(false)
	if err = os.Chmod(fresh, 0o600); err == nil {
		if h.file, err = os.Lstat(fresh); err == nil {
			err = os.Rename(fresh, h.dir.path(socketName))
		}
	}
	if err != nil {
		_ = listener.Close()
		_ = os.Remove(fresh)
		return err
	}
	if h.listener != nil {
		_ = h.listener.Close()
	}
	h.listener = listener
	return nil
}

// Close offers no more, and tells whether another process has the listeners: then
// what is done to the sockets is done to that one too. That one learns that it has them
// alone. Close is called once.
func (h *Host) Close() (shared bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	if now, err := os.Lstat(h.dir.path(socketName)); err == nil && os.SameFile(now, h.file) {
		_ = os.Remove(h.dir.path(socketName))
	}
	_ = h.listener.Close()
	h.dir.Close()
	if h.heir != nil {
		_ = h.heir.Close()
	}
	return h.given
}

func (h *Host) serve() {
	for {
		h.mu.Lock()
		listener := h.listener
		h.mu.Unlock()
		conn, err := listener.AcceptUnix()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // such as no descriptors left
			time.Sleep(100 * time.Millisecond)
			continue
		}
		h.attend(conn)
	}
}

// attend serves one process until it ends.
func (h *Host) attend(conn *net.UnixConn) {
	defer func() { _ = recover() }()
	defer conn.Close()
	defer h.takeBack()
	if isStranger(conn) || h.send(conn) != nil {
		return
	}
	_ = conn.SetDeadline(time.Now().Add(startTime))
	word, err := receive(conn)
	if err != nil || word != wordServing && word != wordReplace {
		return
	}
	h.next.Serving(word == wordReplace)
	defer h.next.Gone()
	defer func() { _ = h.listen() }() // the next one took the place
	if _, err := conn.Write([]byte(wordNoted)); err != nil || !h.inherit(conn) {
		return
	}
	_ = conn.SetDeadline(time.Time{})
	_, _ = receive(conn) // it says nothing more
}

// inherit notes that the process at the other end serves; false when this one leaves.
func (h *Host) inherit(conn *net.UnixConn) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.heir = conn
	return !h.closed
}

// takeBack notes that the other process has left. It may have been killed while it
// dropped whoever connects.
func (h *Host) takeBack() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.given, h.heir = false, nil
	if h.closed {
		return
	}
	for _, l := range h.listeners {
		heedNew(l.TCPListener)
	}
}

func (h *Host) send(conn *net.UnixConn) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return net.ErrClosed
	}
	h.given = true
	names := slices.Sorted(maps.Keys(h.listeners))
	message, err := json.Marshal(offer{names})
	if err != nil {
		return err
	}
	_ = conn.SetDeadline(time.Now().Add(answerTime))
	return withDescriptors(h.listeners, names, nil, func(descriptors []int) error {
		_, _, err := conn.WriteMsgUnix(message, unix.UnixRights(descriptors...), nil)
		return err
	})
}

// withDescriptors runs a function while none of the descriptors can be closed.
func withDescriptors(listeners map[string]*Listener, names []string, descriptors []int, run func([]int) error) error {
	if len(names) == 0 {
		return run(descriptors)
	}
	raw, err := listeners[names[0]].SyscallConn()
	if err != nil {
		return err
	}
	return control(raw, func(fd int) error {
		return withDescriptors(listeners, names[1:], append(descriptors, fd), run)
	})
}

func receive(conn *net.UnixConn) (string, error) {
	buf := make([]byte, 64)
	n, err := conn.Read(buf)
	if err == nil && n == 0 {
		err = errors.New("it has ended")
	}
	return string(buf[:n]), err
}
