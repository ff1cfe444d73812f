package main

import (
	"context"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"daylight.internal/proxy/ca"
)

func caCommand() command {
	return command{
		name: "ca", group: "Upkeep", summary: "show, export or rotate the certificate authority",
		usage: "ca show|export|rotate [flags]",
		about: `Browsers and programs must trust this certificate authority (CA), because
Daylight shows them certificates that it signed. It is made on first use. The
private key stays where it is and is never printed.

  show           where it is, its fingerprint and how long it is valid
  export         write the certificate to standard output
  rotate         replace it by a new one; the old certificate is kept beside it,
                 the old key is destroyed. A running Daylight goes on with the
                 old one until it is restarted: let the clients trust the new
                 certificate first
`,
		examples: `  daylight ca show
  daylight ca export > daylight-ca.pem
  daylight ca export --format der > daylight-ca.cer
`,
		setup: func(fs *flag.FlagSet) action {
			config := addConfigFlags(fs)
			format := fs.String("format", "pem", "`FORMAT` of the export: pem or der")
			return func(_ context.Context, env *environment, args []string) error {
				return caAction(env, config, *format, args)
			}
		},
	}
}

func caAction(env *environment, flags *configFlags, format string, args []string) error {
	verb, args, err := subcommand("ca", args, []string{"show", "export", "rotate"})
	if err != nil {
		return err
	}
	if err := noArguments(args); err != nil {
		return err
	}
	if format != "pem" && format != "der" {
		return unknownFormat(format, "pem", "der")
	}
	config, err := flags.load()
	if err != nil {
		return err
	}
	if verb == "rotate" {
		return rotateCA(env, config)
	}
	authority, made, err := openCA(config)
	if err != nil {
		return err
	}
	if made {
		fmt.Fprintf(env.stderr, "made a new certificate authority in %s\n", config.DataDir)
	}
	if verb == "show" {
		return showCA(env, config, authority)
	}
	data := authority.PEM()
	if format == "der" {
		block, _ := pem.Decode(data)
		data = block.Bytes
	}
	_, err = env.stdout.Write(data)
	return err
}

// openCA loads the authority of the configuration and makes one when none is
// given and there is none yet.
func openCA(config *configuration) (authority *ca.Authority, made bool, err error) {
	if config.CACert != "" {
		authority, err = ca.Load(config.CACert, config.CAKey)
		return authority, false, err
	}
	_, err = os.Stat(filepath.Join(config.DataDir, ca.KeyFile))
	made = errors.Is(err, fs.ErrNotExist)
	authority, err = ca.Ensure(config.DataDir)
	return authority, made, err
}

func caCertPath(config *configuration) string {
	if config.CACert != "" {
		return config.CACert
	}
	return filepath.Join(config.DataDir, ca.CertFile)
}

func showCA(env *environment, config *configuration, authority *ca.Authority) error {
	cert := authority.Certificate()
	_, err := fmt.Fprintf(env.stdout, "certificate  %s\nsubject      %s\nsha256       %s\nvalid        %s to %s (%s)\n",
		caCertPath(config), cert.Subject, colons(authority.Fingerprint()),
		cert.NotBefore.UTC().Format(time.DateOnly), cert.NotAfter.UTC().Format(time.DateOnly), daysLeft(cert.NotAfter, time.Now()))
	return err
}

func daysLeft(end, now time.Time) string {
	if days := int(end.Sub(now).Hours() / 24); days >= 0 {
		return plural(days, "day") + " left"
	}
	return "expired"
}

// colons writes a fingerprint as browsers and openssl do.
func colons(fingerprint string) string {
	var b strings.Builder
	for i := 0; i+1 < len(fingerprint); i += 2 {
		if i > 0 {
			b.WriteByte(':')
		}
		b.WriteString(strings.ToUpper(fingerprint[i : i+2]))
	}
	return b.String()
}

func rotateCA(env *environment, config *configuration) error {
	if config.CACert != "" {
		return fmt.Errorf("the certificate authority %s was given by the configuration (tls.ca_cert): replace its files yourself", config.CACert)
	}
	if _, err := os.Stat(filepath.Join(config.DataDir, ca.KeyFile)); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no certificate authority in %s to rotate; `daylight ca show` makes one", config.DataDir)
	}
	authority, err := ca.Rotate(config.DataDir)
	if err != nil {
		return fmt.Errorf("rotating the certificate authority: %w", err)
	}
	fmt.Fprintln(env.stderr, "made a new certificate authority; let the clients trust it, then restart Daylight")
	return showCA(env, config, authority)
}
