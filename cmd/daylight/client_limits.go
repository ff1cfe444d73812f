package main

import (
	"go.uber.org/zap"

	"daylight.internal/proxy"
)

// warnOfClient warns of a client that has reached a limit per client, which is wrong for
// one that is not a single person.
func (s *server) warnOfClient(c proxy.ClientAtLimit) {
	const message = "a client has reached a limit per client"
	client := c.Client.String()
	if c.Client.IsSingleIP() {
		client = c.Client.Addr().String()
	}
	fields := []zap.Field{zap.String("limit", c.Limit), zap.Int("value", c.Value), zap.String("client", client)}
	if c.User != "" { // the limit holds for the user, under whatever address
		s.logger.Warn(message, append(fields, zap.String("user", printable(c.User)),
			zap.String("hint", "if many people sign in as this user, give them users of their own, or raise the limit"))...)
		return
	}
	s.logger.Warn(message, append(fields,
		zap.String("hint", "if many people have this address, as behind a NAT gateway, a terminal server or a balancer, name it in proxy.shared_networks"))...)
}
