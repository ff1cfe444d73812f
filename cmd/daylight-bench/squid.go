package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"time"
)

// findSquid returns the squid binary and its maker of certificates, or why
// there is none that can intercept.
func findSquid() (binary, certgen string, err error) {
	for _, path := range []string{"squid", "/usr/sbin/squid"} {
		if binary, err = exec.LookPath(path); err == nil {
			break
		}
	}
	if err != nil {
		return "", "", errors.New("not installed")
	}
	for _, path := range []string{"/usr/lib/squid/security_file_certgen", "/usr/lib64/squid/security_file_certgen", "/usr/libexec/squid/security_file_certgen"} {
		if _, err := os.Stat(path); err == nil {
			return binary, path, nil
		}
	}
	return "", "", errors.New("installed without security_file_certgen (Debian: squid-openssl)")
}

// squid starts Debian's squid with ssl-bump: it peeks at the ClientHello and
// intercepts everything; no cache, no log, one process.
func (w world) squid(ctx context.Context) (contender, error) {
	dir, err := os.MkdirTemp("", "daylight-bench-squid-") // squid drops its rights: it must reach the folder
	if err != nil {
		return contender{}, fmt.Errorf("making a folder: %w", err)
	}
	address, err := w.configureSquid(dir)
	if err != nil {
		os.RemoveAll(dir)
		return contender{}, err
	}
	cmd := exec.CommandContext(ctx, w.squidPath, "-N", "-f", filepath.Join(dir, "squid.conf"))
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		os.RemoveAll(dir)
		return contender{}, fmt.Errorf("starting squid: %w", err)
	}
	p := &process{cmd: cmd, address: address, cleanup: func() { os.RemoveAll(dir) }}
	if err := waitDialable(ctx, address); err != nil {
		p.stop() // which also ends the writing to log
		return contender{}, fmt.Errorf("starting squid: %w\n%s", err, log.Bytes())
	}
	_, port, _ := net.SplitHostPort(w.server)
	roots, err := readRoots(filepath.Join(dir, "ca.pem"))
	return contender{process: p, client: client{proxy: address, roots: roots, port: port}, name: nameSquid}, err
}

// configureSquid fills its folder and returns the address where it will listen.
func (w world) configureSquid(dir string) (string, error) {
	address, err := freeAddress()
	if err != nil {
		return "", err
	}
	_, certgen, err := findSquid()
	if err != nil {
		return "", err
	}
	if err := writeSquidCA(dir); err != nil {
		return "", err
	}
	roots, err := os.ReadFile(filepath.Join(w.dir, "server-ca.pem"))
	if err != nil {
		return "", fmt.Errorf("reading the server's CA: %w", err)
	}
	files := map[string]string{
		"server-ca.pem": string(roots),
		"hosts":         fmt.Sprintf("127.0.0.1 %s %s %s\n", plainHost, observedHost, heldHost),
		"squid.conf":    squidConfig(dir, address, certgen),
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return "", fmt.Errorf("configuring squid: %w", err)
		}
	}
	if out, err := exec.Command(certgen, "-c", "-s", filepath.Join(dir, "db"), "-M", "4MB").CombinedOutput(); err != nil {
		return "", fmt.Errorf("making squid's database of certificates: %w\n%s", err, out)
	}
	return address, giveToSquid(dir)
}

func squidConfig(dir, address, certgen string) string {
	return fmt.Sprintf(`http_port %[2]s ssl-bump cert=%[1]s/ca-key.pem generate-host-certificates=on dynamic_cert_mem_cache_size=4MB
sslcrtd_program %[3]s -s %[1]s/db -M 4MB
sslcrtd_children 2 startup=1 idle=1
tls_outgoing_options cafile=%[1]s/server-ca.pem
hosts_file %[1]s/hosts
acl step1 at_step SslBump1
ssl_bump peek step1
ssl_bump bump all
http_access allow all
cache deny all
access_log none
cache_log %[1]s/cache.log
cache_store_log none
pid_filename none
pinger_enable off
netdb_filename none
coredump_dir %[1]s
max_filedescriptors 65536
shutdown_lifetime 0 seconds
via off
forwarded_for delete
`, dir, address, certgen)
}

// writeSquidCA makes the CA that squid signs with; ca.pem is what clients trust.
func writeSquidCA(dir string) error {
	ca, err := newAuthority(filepath.Join(dir, "ca.pem"))
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKCS8PrivateKey(ca.key)
	if err != nil {
		return fmt.Errorf("making squid's CA: %w", err)
	}
	certificate, err := os.ReadFile(filepath.Join(dir, "ca.pem"))
	if err != nil {
		return fmt.Errorf("making squid's CA: %w", err)
	}
	both := append(certificate, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})...)
	if err := os.WriteFile(filepath.Join(dir, "ca-key.pem"), both, 0o600); err != nil {
		return fmt.Errorf("making squid's CA: %w", err)
	}
	return nil
}

// giveToSquid lets the user read the folder as whom squid runs when root starts it.
func giveToSquid(dir string) error {
	if os.Getuid() != 0 {
		return nil
	}
	owner, err := user.Lookup("proxy") // Debian's --with-default-user
	if err != nil {
		return fmt.Errorf("finding squid's user: %w", err)
	}
	uid, _ := strconv.Atoi(owner.Uid)
	gid, _ := strconv.Atoi(owner.Gid)
	return filepath.Walk(dir, func(path string, _ os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		return os.Chown(path, uid, gid)
	})
}

// waitDialable waits until something listens on address.
func waitDialable(ctx context.Context, address string) error {
	for range 200 {
		if conn, err := net.DialTimeout("tcp", address, time.Second); err == nil {
			return conn.Close()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	return errors.New("it does not listen")
}
