package proxy

import "time"

// WithDefaults fills the fields that are zero.
func (l Limits) WithDefaults() Limits {
	number := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	size := func(v *int64, d int64) {
		if *v <= 0 {
			*v = d
		}
	}
	duration := func(v *time.Duration, d time.Duration) {
		if *v <= 0 {
			*v = d
		}
	}
	number(&l.Connections, 20000)
	number(&l.ClientConnections, (l.Connections+1)/2)
	number(&l.ConnectionQueue, 1024)
	duration(&l.ConnectionWait, 20*time.Second)
	number(&l.HeaderBytes, 64<<10)
	number(&l.Exchanges, 20000)
	number(&l.ClientExchanges, (l.Exchanges+1)/2)
	number(&l.Tunnels, 10000)
	number(&l.StalledAnswers, 512)
	number(&l.ClientTunnels, (l.Tunnels+1)/2)
	number(&l.ObservedMessages, 64)
	number(&l.MessagesPerSecond, 500)
	number(&l.LeafCertificates, 10000)
	number(&l.Uploads, 10000)
	number(&l.DiscoveredHosts, 4096)
	duration(&l.DiscoveredFor, 24*time.Hour)
	number(&l.LearnedBypasses, 1024)
	number(&l.LearnedBypassesPerNetwork, 32)
	number(&l.LearnedBypassFailures, 3)
	duration(&l.LearnedBypassWithin, 10*time.Minute)
	duration(&l.LearnedBypassFor, 24*time.Hour)
	number(&l.Conversations, 10000)
	number(&l.RefusedEvents, 4096)
	duration(&l.UploadTimeout, time.Hour)
	size(&l.UploadPartBytes, 4<<20)
	duration(&l.HeaderTimeout, 15*time.Second)
	duration(&l.IdleTimeout, 2*time.Minute)
	duration(&l.TunnelIdleTimeout, 30*time.Minute)
	duration(&l.FirstByteTimeout, 3*time.Second)
	number(&l.CancelledRequests, 500)
	number(&l.DialsPerClient, 1024)
	duration(&l.DialTimeout, 10*time.Second)
	duration(&l.TLSTimeout, 10*time.Second)
	duration(&l.ResponseTimeout, 10*time.Minute)
	duration(&l.BodyIdleTimeout, time.Minute)
	size(&l.BodyBytes, 1<<40)
	size(&l.InspectBytes, 16<<20)
	size(&l.HoldMemoryBytes, 1<<20)
	size(&l.HoldBytes, 256<<20)
	size(&l.MemoryBytes, 160<<20)
	size(&l.HoldDiskBytes, 10<<30)
	size(&l.InspectMemoryBytes, 48<<20)
	size(&l.EvaluationMemoryBytes, 128<<20)
	duration(&l.EvaluationWait, 2*time.Minute)
	return l
}
