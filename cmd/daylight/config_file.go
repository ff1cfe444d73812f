package main

import (
	"time"

	"daylight.internal/rules/strictyaml"
)

type (
	text     = strictyaml.Value[string]
	number   = strictyaml.Value[int]
	size     = strictyaml.Value[strictyaml.ByteSize]
	duration = strictyaml.Value[time.Duration]
)

// configFile is daylight.yaml as it is written. Every key may be left out.
type configFile struct {
	Proxy struct {
		Listen            strictyaml.Strings     `yaml:"listen" doc:"addresses on which clients are served" values:"listen" default:"['127.0.0.1:8080']" example:"['0.0.0.0:8080']"`
		ProxyProtocolFrom strictyaml.Strings     `yaml:"proxy_protocol_from" doc:"networks of load balancers whose PROXY protocol header is believed" values:"network_or_address" example:"[10.0.0.0/24]"`
		ReusePort         strictyaml.Value[bool] `yaml:"reuse_port" doc:"whether the next process may serve on the same ports before this one ends, for an upgrade without a gap; Linux only" default:"false" example:"true"`
		SharedNetworks    strictyaml.Strings     `yaml:"shared_networks" doc:"networks in which many people have one address, such as that of a NAT gateway; the limits per client do not hold for them" values:"network_or_address" example:"[192.0.2.7/32]"`
	} `yaml:"proxy" doc:"where clients are served"`
	Admin struct {
		Listen text `yaml:"listen" doc:"address of metrics, health and reload" values:"listen" default:"127.0.0.1:8090"`
	} `yaml:"admin" doc:"metrics, health and reload; keep it away from people"`
	DataDir text               `yaml:"data_dir" doc:"where the certificate authority and the events are kept; left out: daylight in $XDG_STATE_HOME" example:"/var/lib/daylight"`
	Policy  strictyaml.Strings `yaml:"policy" doc:"files of the policy, or folders of them; left out: a starter policy, in monitor mode" example:"[policy]"`
	TLS     struct {
		CACert      text                   `yaml:"ca_cert" doc:"certificate of a certificate authority of your own" example:"ca.pem"`
		CAKey       text                   `yaml:"ca_key" doc:"its key" example:"ca.key"`
		Intercept   text                   `yaml:"intercept" doc:"which TLS connections are opened" values:"intercept" default:"all"`
		Bypass      strictyaml.Strings     `yaml:"bypass" doc:"hosts that are never opened, added to the built-in list" values:"host" example:"['*.bank.example']"`
		LearnBypass strictyaml.Value[bool] `yaml:"learn_bypass" doc:"whether a host is left closed for a while when clients of a network reject its certificate again and again; never one of an AI service" default:"true" example:"false"`
	} `yaml:"tls" doc:"the certificate authority, and what is opened"`
	Upstream struct {
		Proxy         text               `yaml:"proxy" doc:"a parent proxy" values:"proxy_url" example:"http://parent.example:3128"`
		NoProxy       strictyaml.Strings `yaml:"no_proxy" doc:"hosts that are reached directly although there is a parent" values:"host" example:"['*.corp.example']"`
		CAFile        text               `yaml:"ca_file" doc:"roots added to those of the system" example:"roots.pem"`
		AllowNetworks strictyaml.Strings `yaml:"allow_networks" doc:"private networks that may be reached; by default none" values:"network_or_address" example:"[10.0.0.0/8]"`
		Hosts         map[string]text    `yaml:"hosts" doc:"static answers, by host and port" example:"{'api.example.com:443': '10.0.0.7:443'}"`
	} `yaml:"upstream" doc:"how servers are reached"`
	Identity struct {
		UserHeader     text               `yaml:"user_header" doc:"header that names the user; always removed" example:"X-Authenticated-User"`
		UserHeaderFrom strictyaml.Strings `yaml:"user_header_from" doc:"networks from which that header is believed" values:"network_or_address" example:"[10.0.0.5/32]"`
		Users          map[string]text    `yaml:"users" doc:"bcrypt hashes by name, for passwords at the proxy"`
	} `yaml:"identity" doc:"who is asking"`
	Limits  limitsFile                    `yaml:"limits" doc:"bounds of what Daylight takes and waits for; sizes are written 16MiB, times 15s"`
	Events  strictyaml.Value[[]eventFile] `yaml:"events" doc:"where events go; left out: events.jsonl in the data folder"`
	Mode    text                          `yaml:"mode" doc:"whether what would be blocked is stopped, or only recorded" values:"mode" default:"enforce" example:"monitor"`
	OnError text                          `yaml:"on_error" doc:"what happens to an exchange that could not be judged, where the policy does not say" values:"on_error" default:"block"`
	Reload  struct {
		Watch    strictyaml.Value[bool] `yaml:"watch" doc:"whether a changed policy is taken over by itself, not only when it is asked for" default:"true" example:"false"`
		Interval duration               `yaml:"interval" doc:"time between two looks at the files" default:"2s" example:"30s"`
		Tests    strictyaml.Value[bool] `yaml:"tests" doc:"whether its own tests must pass" default:"false" example:"true"`
	} `yaml:"reload" doc:"how a changed policy is taken over"`
}

type limitsFile struct {
	Connections               number   `yaml:"connections" doc:"connections of clients at once; beyond it the one on which nothing was asked for longest is closed, or the new one waits" default:"20000"`
	ClientConnections         number   `yaml:"client_connections" doc:"of them for one client: an address, or in IPv6 a /64; by default half of 'connections'. Beyond it the one on which it asked nothing for longest is closed, else the new one is told to come again" default:"10000"`
	ConnectionQueue           number   `yaml:"connection_queue" doc:"connections that wait until one of 'connections' ends or has been idle for a second; clients take turns. Beyond it the newest of the client with the most in the queue is told to come again" default:"1024"`
	ConnectionWait            duration `yaml:"connection_wait" doc:"for a connection to wait in this queue, before it is told to come again" default:"20s"`
	Exchanges                 number   `yaml:"exchanges" doc:"exchanges under way at once; one more is told to come again" default:"20000"`
	ClientExchanges           number   `yaml:"client_exchanges" doc:"of them for one client, known by name or else by address; by default half of 'exchanges'" default:"10000"`
	Tunnels                   number   `yaml:"tunnels" doc:"tunnels that are relayed unread at once" default:"10000"`
	ClientTunnels             number   `yaml:"client_tunnels" doc:"of them for one client, known by name or else by address; by default half of 'tunnels'" default:"5000"`
	LeafCertificates          number   `yaml:"leaf_certificates" doc:"certificates kept in memory; beyond it one goes of the client that asked for the most" default:"10000"`
	ObservedMessages          number   `yaml:"observed_messages" doc:"messages of one WebSocket that have gone on and wait to be judged; later ones are reported as unread ('busy')" default:"64"`
	MessagesPerSecond         number   `yaml:"messages_per_second" doc:"messages of one WebSocket, or of one stream of gRPC or Connect, that are judged, or looked at when they are small or compressed; after as many at once the next ones wait, and with them what the client sends behind them" default:"500"`
	HeaderBytes               size     `yaml:"header_bytes" doc:"the head of a request, and a ClientHello" default:"64KiB"`
	BodyBytes                 size     `yaml:"body_bytes" doc:"of a request body at all, and of a message of a WebSocket; a longer one is refused with status 413, or close code 1009. Unread tunnels have no such bound" default:"1TiB"`
	RefusedEvents             number   `yaml:"refused_events" doc:"events in ten minutes of requests that were refused before they became an exchange; beyond it clients share one for each reason" default:"4096"`
	InspectBytes              size     `yaml:"inspect_bytes" doc:"of a body that are read" default:"16MiB"`
	HoldMemoryBytes           size     `yaml:"hold_memory_bytes" doc:"of a held body in memory; a longer one goes to an encrypted temporary file, and a shorter one (above 16 KiB) too while half of 'inspect_memory_bytes' is taken" default:"1MiB"`
	HoldBytes                 size     `yaml:"hold_bytes" doc:"of a held body at all; a longer one is judged by what was read, with coverage 'truncated'" default:"256MiB"`
	MemoryBytes               size     `yaml:"memory_bytes" doc:"of the process: garbage is collected so early that it keeps to this, but not before the heap has two fifths of it (unless 'GOGC' is set). A goal, not a bound: connections by the thousand need more and get it. The variable 'GOMEMLIMIT' takes its place" default:"160MiB"`
	HoldDiskBytes             size     `yaml:"hold_disk_bytes" doc:"of all held bodies together in temporary files; beyond it a body is judged by what was read, with coverage 'truncated' and the reason 'disk', as it is when the disk is full" default:"10240MiB"`
	InspectMemoryBytes        size     `yaml:"inspect_memory_bytes" doc:"for bodies that are being read, of all exchanges together. It is shared: the more bodies there are, the less each may take; what goes beyond is not read ('busy') or goes to a file; three quarters at most for bodies that are observed, and three quarters of either for one client. A held body waits ten seconds for its part" default:"48MiB"`
	EvaluationMemoryBytes     size     `yaml:"evaluation_memory_bytes" doc:"for what bodies unpack to while they are judged, of all exchanges together; eight times what is read of a body is set aside for it, and the next waits" default:"128MiB"`
	EvaluationWait            duration `yaml:"evaluation_wait" doc:"for a held body to wait for its turn to be judged, which clients take one after the other, however many bodies each has; afterwards it is judged unread ('busy')" default:"2m"`
	Uploads                   number   `yaml:"uploads" doc:"URLs that services gave out for uploads and that are remembered; beyond it the oldest of the client that has the most are forgotten" default:"10000"`
	DiscoveredHosts           number   `yaml:"discovered_hosts" doc:"hosts on no list that are remembered because AI was found there; beyond it one is forgotten of the client that found the most, the one that was not used for longest" default:"4096"`
	DiscoveredFor             duration `yaml:"discovered_for" doc:"since the last sign of AI on such a host, or on one of its paths, until it is forgotten" default:"24h"`
	LearnedBypasses           number   `yaml:"learned_bypasses" doc:"hosts, by client network, that are left closed because clients reject Daylight's certificate ('tls.learn_bypass'); beyond it the one that was not used for longest is forgotten" default:"1024"`
	LearnedBypassesPerNetwork number   `yaml:"learned_bypasses_per_network" doc:"of them for one client network, a /24 or in IPv6 a /64; beyond it no more are learned" default:"32"`
	LearnedBypassFailures     number   `yaml:"learned_bypass_failures" doc:"rejections of a host by clients of a network that leave it closed" default:"3"`
	LearnedBypassWithin       duration `yaml:"learned_bypass_within" doc:"in which they come" default:"10m"`
	LearnedBypassFor          duration `yaml:"learned_bypass_for" doc:"that a host is left closed until it is tried again, and that no host is left closed which a client of the network accepted" default:"24h"`
	UploadTimeout             duration `yaml:"upload_timeout" doc:"for the bytes of an announced upload to come, and between its parts" default:"1h"`
	Conversations             number   `yaml:"conversations" doc:"of one user with one service that are remembered at once, to give their events one id; beyond it one of the client that has the most ends, the one that was idle longest" default:"10000"`
	StalledAnswers            number   `yaml:"stalled_answers" doc:"answers at once of which the client has taken nothing for 5s: of each, half a MiB lies here. Beyond it the client with the most of them loses the one that waits longest" default:"512"`
	UploadPartBytes           size     `yaml:"upload_part_bytes" doc:"of the beginning of a file that comes in parts; later parts are judged together with it, parts beyond it alone ('parts'). All files together take a quarter of 'inspect_memory_bytes' ('upload_memory')" default:"4MiB"`
	HeaderTimeout             duration `yaml:"header_timeout" doc:"for a whole request head, and for TLS handshakes of clients" default:"15s"`
	IdleTimeout               duration `yaml:"idle_timeout" doc:"between two requests of a connection" default:"2m"`
	TunnelIdleTimeout         duration `yaml:"tunnel_idle_timeout" doc:"without a byte in a tunnel or WebSocket, or from the client in a stream of gRPC or Connect" default:"30m"`
	FirstByteTimeout          duration `yaml:"first_byte_timeout" doc:"for a client to speak in a fresh tunnel, before the server is asked whether it speaks first" default:"3s"`
	CancelledRequests         number   `yaml:"cancelled_requests" doc:"requests of one HTTP/2 connection that the client takes back within a minute before their answer; when there are more, and they are more than half of all, the connection is closed" default:"500"`
	DialsPerClient            number   `yaml:"dials_per_client" doc:"connections to servers that are being made for one client (a user, else an address, in IPv6 a /64) at once; a further one waits for 'dial_timeout' and is then answered with 503" default:"1024"`
	DialTimeout               duration `yaml:"dial_timeout" doc:"to reach a server" default:"10s"`
	TLSTimeout                duration `yaml:"tls_timeout" doc:"for a server's TLS handshake" default:"10s"`
	ResponseTimeout           duration `yaml:"response_timeout" doc:"from the end of a request to the head of its response" default:"10m"`
	BodyIdleTimeout           duration `yaml:"body_idle_timeout" doc:"without a byte of a request body" default:"1m"`
}

type eventFile struct {
	At   strictyaml.Position
	Type text `yaml:"type,required" doc:"kind of store" values:"event_type" example:"file"`
	Path text `yaml:"path" doc:"the file" example:"events.jsonl"`
}
