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
		Listen            strictyaml.Strings `yaml:"listen"`
		ProxyProtocolFrom strictyaml.Strings `yaml:"proxy_protocol_from"`
	} `yaml:"proxy"`
	Admin struct {
		Listen text `yaml:"listen"`
	} `yaml:"admin"`
	DataDir text               `yaml:"data_dir"`
	Policy  strictyaml.Strings `yaml:"policy"`
	TLS     struct {
		CACert    text               `yaml:"ca_cert"`
		CAKey     text               `yaml:"ca_key"`
		Intercept text               `yaml:"intercept"`
		Bypass    strictyaml.Strings `yaml:"bypass"`
	} `yaml:"tls"`
	Upstream struct {
		Proxy         text               `yaml:"proxy"`
		NoProxy       strictyaml.Strings `yaml:"no_proxy"`
		CAFile        text               `yaml:"ca_file"`
		AllowNetworks strictyaml.Strings `yaml:"allow_networks"`
		Hosts         map[string]text    `yaml:"hosts"`
	} `yaml:"upstream"`
	Identity struct {
		UserHeader     text               `yaml:"user_header"`
		UserHeaderFrom strictyaml.Strings `yaml:"user_header_from"`
		Users          map[string]text    `yaml:"users"`
	} `yaml:"identity"`
	Limits  limitsFile                    `yaml:"limits"`
	Events  strictyaml.Value[[]eventFile] `yaml:"events"`
	Mode    text                          `yaml:"mode"`
	OnError text                          `yaml:"on_error"`
	Reload  struct {
		Watch    strictyaml.Value[bool] `yaml:"watch"`
		Interval duration               `yaml:"interval"`
		Tests    strictyaml.Value[bool] `yaml:"tests"`
	} `yaml:"reload"`
}

type limitsFile struct {
	Connections           number   `yaml:"connections"`
	Tunnels               number   `yaml:"tunnels"`
	LeafCertificates      number   `yaml:"leaf_certificates"`
	ObservedMessages      number   `yaml:"observed_messages"`
	HeaderBytes           size     `yaml:"header_bytes"`
	InspectBytes          size     `yaml:"inspect_bytes"`
	HoldMemoryBytes       size     `yaml:"hold_memory_bytes"`
	HoldBytes             size     `yaml:"hold_bytes"`
	MemoryBytes           size     `yaml:"memory_bytes"`
	HoldDiskBytes         size     `yaml:"hold_disk_bytes"`
	InspectMemoryBytes    size     `yaml:"inspect_memory_bytes"`
	EvaluationMemoryBytes size     `yaml:"evaluation_memory_bytes"`
	EvaluationWait        duration `yaml:"evaluation_wait"`
	Uploads               number   `yaml:"uploads"`
	DiscoveredHosts       number   `yaml:"discovered_hosts"`
	DiscoveredFor         duration `yaml:"discovered_for"`
	UploadTimeout         duration `yaml:"upload_timeout"`
	Conversations         number   `yaml:"conversations"`
	UploadPartBytes       size     `yaml:"upload_part_bytes"`
	HeaderTimeout         duration `yaml:"header_timeout"`
	IdleTimeout           duration `yaml:"idle_timeout"`
	TunnelIdleTimeout     duration `yaml:"tunnel_idle_timeout"`
	FirstByteTimeout      duration `yaml:"first_byte_timeout"`
	DialTimeout           duration `yaml:"dial_timeout"`
	TLSTimeout            duration `yaml:"tls_timeout"`
	ResponseTimeout       duration `yaml:"response_timeout"`
	BodyIdleTimeout       duration `yaml:"body_idle_timeout"`
}

type eventFile struct {
	At   strictyaml.Position
	Type text `yaml:"type,required"`
	Path text `yaml:"path"`
}
