package proxy

import (
	"net/http"
	"net/netip"
	"sync"
	"time"

	"daylight.internal/classifier"
	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/fair"
	"daylight.internal/rules"
)

// refusal is a request that was answered before it became an exchange: nobody could
// read it, its client did not sign in, or there was no room for it.
type refusal struct {
	client      rules.Client
	destination rules.Destination // as far as it is known
	method      string            // "" when it could not be read
	protocol    string            // the same
	status      int
	reason      string // a bounded word
}

// refusals give such requests an event. They are cheap to send, so those of one client for one
// reason within a while share the event of the first: a flood cannot
// fill the disk, and every page has a number that leads to an event.
type refusals struct {
	limit int    // events within the while, but for one more for each reason
	full  func() // called when an event is shared by clients

	mu    sync.Mutex
	began time.Time
	ids   map[refusalKey]string
}

type refusalKey struct {
	by     fair.Client
	reason string
}

// signIn is the reason of a refusal that asks for a password.
const signIn = "sign_in"

// refusalTime is that while.
const refusalTime = 10 * time.Minute

// id returns the id of the event that tells of a refusal, and whether it is yet to
// be written.
func (r *refusals) id(key refusalKey, now time.Time) (id string, first bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if age := now.Sub(r.began); r.ids == nil || age < 0 || age >= refusalTime {
		r.began, r.ids = now, map[refusalKey]string{}
	}
	if _, known := r.ids[key]; !known && !r.hasRoom(key.reason) {
		key.by = fair.Client{}
	}
	if id, known := r.ids[key]; known {
		return id, false
	}
	id = audit.NewID(now)
	r.ids[key] = id
	return id, true
}

// hasRoom tells whether there may be one more event of a client. A morning on which all
// are asked to sign in, as each is once, leaves half of them to what is out of the ordinary.
func (r *refusals) hasRoom(reason string) bool {
	if reason == signIn {
		return len(r.ids) < r.limit/2
	}
	if len(r.ids) < r.limit {
		return true
	}
	r.full()
	return false
}

// refused implements inspector.
func (j *Judge) refused(r refusal) (id string) {
	defer func() { _ = recover() }()
	now := j.now()
	id, first := j.refusals.id(refusalKey{guestOf(r.client), r.reason}, now)
	if !first {
		return id
	}
	method := ""
	if r.method != "" {
		method = methodWord(r.method)
	}
	j.sink.Record(audit.Event{
		Time: now, ID: id, Kind: audit.KindRefused, Revision: j.snapshots.Current().Revision(),
		Client: audit.Client{Address: r.client.Address, User: r.client.User, Group: "none"},
		Destination: audit.Destination{
			Host: r.destination.Host, Port: r.destination.Port, SNI: r.destination.SNI, ConnectHost: r.destination.ConnectHost, Protocol: r.protocol,
		},
		Request:  audit.Request{Method: method},
		Response: audit.Response{Status: r.status},
		Coverage: classifier.Coverage{State: classifier.NotInspected, Reason: "refused"},
		Findings: []classifier.Summary{},
		Verdict:  audit.Verdict{Action: rules.Block, Reason: "the request was refused: " + r.reason, Enforced: true},
		Timing:   audit.Timing{Mode: audit.ModeNothing},
		Error:    r.reason,
	})
	return id
}

// refusalOf tells of a request what its head says. Within a tunnel the tunnel says
// whose it is, and where it goes.
func refusalOf(r *http.Request, status int, reason string) refusal {
	f := refusal{client: rules.Client{Address: clientAddress(r)}, method: r.Method, protocol: r.Proto, status: status, reason: reason}
	if t := connStateOf(r).tunnel; t != nil {
		return f.within(t)
	}
	authority, standard := r.URL.Host, uint16(80)
	if r.Method == http.MethodConnect {
		authority, standard = r.RequestURI, 443
	}
	if host, port, err := splitAuthority(authority, standard); err == nil {
		f.destination.Host, f.destination.Port = host, port
	}
	return f
}

// within is the refusal of a request in a tunnel.
func (f refusal) within(t *tunnelInfo) refusal {
	f.client = t.Client
	f.destination = rules.Destination{Host: t.Host, Port: t.Port, SNI: t.SNI, ConnectHost: t.ConnectHost}
	return f
}

// unread is the refusal of what was no request that could be read.
func (h *headWatch) unread(status int) refusal {
	f := refusal{status: status, reason: blindReason(status)}
	if t := h.tunnel.Load(); t != nil {
		return f.within(t)
	}
	if address, err := netip.ParseAddrPort(h.client().String()); err == nil {
		f.client.Address = address.Addr().Unmap()
	}
	return f
}
