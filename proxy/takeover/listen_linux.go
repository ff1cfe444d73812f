package takeover

import (
	"context"
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// Listen opens a TCP listener. With reusePort other processes of the same user that
// ask for it too may listen on the same address.
func Listen(ctx context.Context, address string, reusePort bool) (*Listener, error) {
	config := net.ListenConfig{}
	config.SetMultipathTCP(false) // such a listener takes no filter
	if reusePort {
		config.Control = func(_, _ string, c syscall.RawConn) error {
			return control(c, func(fd int) error { return unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1) })
		}
	}
	l, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return NewListener(l.(*net.TCPListener)), nil
}

// ignoreNew drops the SYN of whoever begins to connect; the client sends it again after
// a second, and finds another socket. It does what it can: without it such clients are reset.
func ignoreNew(l *net.TCPListener) {
	const flags, syn, ack = 13, 0x02, 0x10
	program := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_B | unix.BPF_ABS, K: flags}, // the filter sees the TCP header first
		{Code: unix.BPF_ALU | unix.BPF_AND | unix.BPF_K, K: syn | ack},
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: syn, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: 0},
		{Code: unix.BPF_RET | unix.BPF_K, K: 0xffffffff},
	}
	if raw, err := l.SyscallConn(); err == nil {
		_ = control(raw, func(fd int) error {
			return unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]})
		})
	}
}

// heedNew undoes ignoreNew, which another process may have begun to do.
func heedNew(l *net.TCPListener) {
	if raw, err := l.SyscallConn(); err == nil {
		_ = control(raw, func(fd int) error { return unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_DETACH_FILTER, 0) })
	}
}

// control runs a function on a descriptor, which stays non-blocking.
func control(c syscall.RawConn, run func(fd int) error) (err error) {
	if e := c.Control(func(fd uintptr) { err = run(int(fd)) }); e != nil {
		return e
	}
	return err
}
