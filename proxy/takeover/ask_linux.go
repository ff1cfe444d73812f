package takeover

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// socketName is where the process that serves is asked, in the data directory.
	socketName = "takeover.sock"
	// answerTime is how long it may take to answer.
	answerTime = 10 * time.Second
)

// Predecessor is the process that serves when this one begins.
type Predecessor struct {
	conn      *net.UnixConn
	listeners map[string]*Listener
}

// Ask gets the listeners of the process that offers them in the folder dir; nil
// without one. They accept in both processes.
func Ask(dir string) (*Predecessor, error) {
	f, err := openFolder(dir)
	if err != nil {
		return nil, fmt.Errorf("asking for the listeners: %w", err)
	}
	defer f.Close()
	conn, err := net.DialUnix("unixpacket", nil, &net.UnixAddr{Name: f.path(socketName), Net: "unixpacket"})
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, unix.ECONNREFUSED) {
		return nil, nil // it has ended
	}
	if err != nil {
		return nil, fmt.Errorf("asking for the listeners: %w", err)
	}
	p := &Predecessor{conn: conn}
	if err := p.receive(); err != nil {
		p.Close()
		return nil, fmt.Errorf("asking for the listeners: %w", err)
	}
	return p, nil
}

func (p *Predecessor) receive() error {
	if isStranger(p.conn) {
		return errors.New("a process of another user answers")
	}
	_ = p.conn.SetDeadline(time.Now().Add(answerTime))
	message, rights := make([]byte, maxMessage), make([]byte, unix.CmsgSpace(4*maxListeners))
	n, oobn, _, _, err := p.conn.ReadMsgUnix(message, rights)
	if err != nil {
		return err
	}
	files, err := parseRights(rights[:oobn])
	defer func() {
		for _, f := range files {
			_ = f.Close() // the listeners have descriptors of their own
		}
	}()
	if err != nil {
		return err
	}
	names, err := parseOffer(message[:n], len(files))
	if err != nil {
		return err
	}
	p.listeners = map[string]*Listener{}
	for i, name := range names {
		l, err := net.FileListener(files[i])
		if err != nil {
			return err
		}
		tcp, ok := l.(*net.TCPListener)
		if !ok {
			_ = l.Close()
			return errors.New("a socket is not of TCP")
		}
		heedNew(tcp)
		p.listeners[name] = &Listener{TCPListener: tcp, former: p}
	}
	return nil
}

// parseRights returns the files whose descriptors came with a message.
func parseRights(rights []byte) (files []*os.File, err error) {
	messages, err := unix.ParseSocketControlMessage(rights)
	if err != nil {
		return nil, err
	}
	for _, m := range messages {
		descriptors, e := unix.ParseUnixRights(&m)
		for _, fd := range descriptors {
			unix.CloseOnExec(fd)
			files = append(files, os.NewFile(uintptr(fd), "listener"))
		}
		err = errors.Join(err, e)
	}
	return files, err
}

// Take returns a listener of the predecessor by its name, nil when it has none.
func (p *Predecessor) Take(name string) *Listener {
	if p == nil {
		return nil
	}
	l := p.listeners[name]
	delete(p.listeners, name)
	return l
}

// Serving tells the predecessor that this process serves, and with replace asks it to
// end. It returns when the predecessor has noted it. The two stay connected until one of them
// leaves the listeners, so that the other learns of it.
func (p *Predecessor) Serving(replace bool) error {
	p.closeListeners()
	word := wordServing
	if replace {
		word = wordReplace
	}
	_ = p.conn.SetDeadline(time.Now().Add(answerTime))
	if _, err := p.conn.Write([]byte(word)); err != nil {
		return fmt.Errorf("telling the former process: %w", err)
	}
	answer, err := receive(p.conn)
	if err == nil && answer != wordNoted {
		err = errors.New("it does not understand")
	}
	if err != nil {
		return fmt.Errorf("telling the former process: %w", err)
	}
	return nil
}

// shares tells whether the predecessor has its listeners still: it hangs up when it leaves them.
func (p *Predecessor) shares() bool {
	if p == nil {
		return false
	}
	raw, err := p.conn.SyscallConn()
	if err != nil {
		return false
	}
	var hungUp bool
	err = control(raw, func(fd int) error {
		ask := []unix.PollFd{{Fd: int32(fd)}} // not by reading: an answer may lie there that came too late
		_, _ = unix.Poll(ask, 0)              // it fails when a signal comes and there is nothing to tell
		hungUp = ask[0].Revents&unix.POLLHUP != 0
		return nil
	})
	return err == nil && !hungUp
}

// Close leaves the predecessor as it was, or tells one that knows of this process that it
// has the listeners alone.
func (p *Predecessor) Close() {
	if p != nil {
		p.closeListeners()
		_ = p.conn.Close()
	}
}

func (p *Predecessor) closeListeners() {
	for name, l := range p.listeners {
		_ = l.Close()
		delete(p.listeners, name)
	}
}

// isStranger tells whether the other end is a process of another user.
func isStranger(conn *net.UnixConn) bool {
	raw, err := conn.SyscallConn()
	if err != nil {
		return true
	}
	err = control(raw, func(fd int) error {
		peer, err := unix.GetsockoptUcred(fd, unix.SOL_SOCKET, unix.SO_PEERCRED)
		if err == nil && int(peer.Uid) != os.Geteuid() {
			err = unix.EPERM
		}
		return err
	})
	return err != nil
}

// folder is an open directory: the paths of sockets are short, and that of a data
// directory may not be.
type folder struct {
	*os.File
	name string
}

func openFolder(name string) (folder, error) {
	f, err := os.Open(name)
	return folder{f, name}, err
}

const longestPath = 90 // of a socket, with room for a process id

func (f folder) path(name string) string {
	if path := filepath.Join(f.name, name); len(path) <= longestPath {
		return path
	}
	return fmt.Sprintf("/proc/self/fd/%d/%s", f.Fd(), name)
}
