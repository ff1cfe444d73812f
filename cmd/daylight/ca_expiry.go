package main

import (
	"time"

	"go.uber.org/zap"
)

const (
	// caNotice is how long before its end the CA is warned of: to have all clients of a
	// company trust a new one takes weeks.
	caNotice = 30 * 24 * time.Hour
	// caReminder is the time between two warnings.
	caReminder = 24 * time.Hour
)

// showCAExpiry shows in the metrics when the CA ends, and warns when that is soon.
func (s *server) showCAExpiry() error {
	s.metrics.CAExpires(s.authority.Certificate().NotAfter)
	s.warnOfCA(time.Now())
	return nil
}

// warnOfCA warns once a day of a CA that ends soon.
func (s *server) warnOfCA(now time.Time) {
	end := s.authority.Certificate().NotAfter
	if end.Sub(now) > caNotice || !s.caWarned.IsZero() && now.Sub(s.caWarned) < caReminder {
		return
	}
	s.caWarned = now
	message := "the CA certificate ends soon: run `daylight ca rotate`, let the clients trust the new one, and restart"
	if now.After(end) {
		message = "the CA certificate has ended, and no TLS connection can be opened: run `daylight ca rotate`, let the clients trust the new one, and restart"
	}
	s.logger.Warn(message, zap.String("ca_cert", caCertPath(s.config)), zap.Time("ends", end), zap.String("left", daysLeft(end, now)))
}
