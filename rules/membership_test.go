package rules_test

import (
	"net/netip"
	"slices"
	"testing"

	"daylight.internal/rules"
)

func TestAMembershipTellsWhatOfTheGroupFits(t *testing.T) {
	network := netip.MustParsePrefix
	p := rules.Policy{Groups: []rules.Group{
		{Name: "office", Networks: []netip.Prefix{network("192.0.2.0/24"), network("10.20.0.0/16"), network("10.0.0.0/8")}},
		{Name: "marketing", Users: []string{"bob@*", "*@marketing.example"}},
		{Name: "both", Networks: []netip.Prefix{network("10.20.0.0/16")}, Users: []string{"ana@*"}},
		{Name: "others", Users: []string{"carla"}},
	}}
	for name, c := range map[string]struct {
		client rules.Client
		want   []rules.Membership
	}{
		"by address and user": {rules.Client{Address: netip.MustParseAddr("::ffff:10.20.0.7"), User: "Ana@Marketing.example"}, []rules.Membership{
			{Group: "office", Network: network("10.20.0.0/16")}, {Group: "marketing", User: "*@marketing.example"},
			{Group: "both", Network: network("10.20.0.0/16"), User: "ana@*"},
		}},
		"by user":   {rules.Client{User: "carla"}, []rules.Membership{{Group: "others", User: "carla"}}},
		"by nobody": {rules.Client{}, nil},
	} {
		got := p.Memberships(c.client)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v", name, got)
		}
		groups := p.GroupsOf(c.client)
		if len(groups) != len(got) {
			t.Errorf("%s: the groups are %v", name, groups)
		}
	}
}
