// Package proxy carries the traffic and does all the I/O: it accepts, intercepts,
// captures, acts and tells. What to do with an exchange it asks of rules/engine.
package proxy

import (
	"net"
	"net/netip"
	"net/url"
	"time"
)

// Config configures a Proxy. The zero value of a field means the default named beside it.
type Config struct {
	// Limits are the bounds on what one client may cost.
	Limits Limits
	// ProxyProtocolFrom lists the networks whose PROXY protocol header is believed.
	ProxyProtocolFrom []netip.Prefix
	// SharedNetworks lists networks in which many people have one address: the limits per
	// client do not hold for them.
	SharedNetworks []netip.Prefix
	// Upstream says how servers are reached.
	Upstream Upstream
	// Identity says how clients are recognised.
	Identity Identity
	// LearnBypass leaves hosts closed for which clients reject our certificate again and
	// again; see JudgeOptions.
	LearnBypass bool
}

// Upstream says how servers are reached.
type Upstream struct {
	Proxy         *url.URL          // parent proxy, with credentials if it wants them; nil: direct
	NoProxy       []string          // hosts and "*.suffix" reached directly although there is a parent
	CAFile        string            // PEM roots added to the system's
	AllowNetworks []netip.Prefix    // private networks that may be dialled
	Hosts         map[string]string // "host:port" -> "address:port", as /etc/hosts; these may be dialled
	// Forbid lists addresses of our own, such as the admin listener, that are
	// never dialled, whatever AllowNetworks and Hosts say.
	Forbid []netip.AddrPort

	resolver *net.Resolver // of the tests; nil: the system's
}

// Identity says how clients are recognised, in this order: proxy password,
// trusted header, network.
type Identity struct {
	// UserHeader is believed when it comes from UserHeaderFrom, and always
	// removed before the request goes on. Empty: none.
	UserHeader     string
	UserHeaderFrom []netip.Prefix
	// Users are bcrypt hashes by name for Basic proxy authentication; empty: none is asked.
	Users map[string]string
}

// Limits are numbers with defaults, each counted in limit_hits_total when it bites.
type Limits struct {
	Connections           int           // client connections at once: 20000
	ClientConnections     int           // of one client, an address or in IPv6 a /64: half of Connections
	ConnectionQueue       int           // that wait for one of Connections: 1024
	ConnectionWait        time.Duration // of each: 20s, in which a head that is too slow has ended
	HeaderBytes           int           // request head: 64 KiB
	HeaderTimeout         time.Duration // from accept or previous exchange's end to a whole head, once a byte came; also TLS handshakes: 15s
	IdleTimeout           time.Duration // between exchanges: 2m
	TunnelIdleTimeout     time.Duration // without a byte in a relayed tunnel or WebSocket, or of a request that is a stream of messages: 30m
	FirstByteTimeout      time.Duration // for the client to speak in an intercepted CONNECT, before the server is asked whether it speaks first: 3s
	CancelledRequests     int           // that a connection of HTTP/2 may have within a minute, if they are more than half of all: 500
	DialsPerClient        int           // connections that are being made for one client at once: 1024
	DialTimeout           time.Duration // 10s
	TLSTimeout            time.Duration // upstream handshake: 10s
	ResponseTimeout       time.Duration // from the end of the request to the head of the response: 10m, for models think
	BodyIdleTimeout       time.Duration // without a byte of a request body: 1m
	InspectBytes          int64         // of a body that are read: 16 MiB
	HoldMemoryBytes       int64         // of a held body in memory, the rest in an encrypted file: 1 MiB
	HoldBytes             int64         // of a held body at all; a longer one is judged by what was read and goes on: 256 MiB
	MemoryBytes           int64         // of the process, which collects its garbage accordingly; a goal, not a bound: 160 MiB
	HoldDiskBytes         int64         // of all held bodies together in encrypted files: 10 GiB
	InspectMemoryBytes    int64         // for bodies that are being captured, of all exchanges together: 48 MiB
	EvaluationMemoryBytes int64         // for what bodies unpack to while they are evaluated, of all exchanges together: 128 MiB
	EvaluationWait        time.Duration // of a held body for its evaluation: 2m
	ObservedMessages      int           // of one WebSocket that wait for their judgement after they have gone on: 64
	MessagesPerSecond     int           // of one WebSocket, or one stream of gRPC or Connect, that are judged: 500
	Uploads               int           // URLs of announced uploads that are remembered: 10000
	UploadTimeout         time.Duration // for the bytes of an announced upload to come: 1h
	UploadPartBytes       int64         // of the beginning of a file that comes in parts are kept, to judge the next parts with: 4 MiB
	DiscoveredHosts       int           // of no list on which AI was found are remembered: 4096
	DiscoveredFor         time.Duration // since the last sign of AI: 24h
	Conversations         int           // of a user with a service that are remembered: 10000
	Tunnels               int           // relayed at once: 10000
	StalledAnswers        int           // that wait for clients which do not read: 512
	ClientTunnels         int           // of one client, known by name or else by address: half of Tunnels
	Exchanges             int           // carried at once: 20000
	ClientExchanges       int           // of one client: half of Exchanges
	BodyBytes             int64         // of a request body, or of a message of a WebSocket, at all; a longer one is refused: 1 TiB
	RefusedEvents         int           // of requests that became no exchange, in ten minutes; one more for each reason: 4096

	LearnedBypasses           int           // hosts, by client network, that are left closed because clients reject our certificate: 1024
	LearnedBypassesPerNetwork int           // of one client network, /24 or /64: 32
	LearnedBypassFailures     int           // rejections that make one: 3
	LearnedBypassWithin       time.Duration // in which they come: 10m
	LearnedBypassFor          time.Duration // that it lasts until the next try: 24h

	LeafCertificates int // in the cache: 10000
}
