package dashboards

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"daylight.internal/proxy/metrics"
)

// dashboard is the part of Grafana's model that the tests look at.
type dashboard struct {
	UID           string
	SchemaVersion int
	Editable      bool
	ID            *int // set by a Grafana that exported it; must not be committed
	Panels        []panel
	Templating    struct {
		List []struct{ Name, Type, Definition string }
	}
	Annotations struct{ List []struct{ Name, Expr string } }
}

type panel struct {
	ID                       int
	Type, Title, Description string
	GridPos                  struct{ X, Y, W, H int }
	Datasource               struct{ Type, UID string }
	FieldConfig              struct{ Defaults struct{ Unit string } }
	Targets                  []struct {
		Expr, LegendFormat, RefID string
		Datasource                struct{ Type, UID string }
		Instant                   bool
	}
}

func loadDashboards(t *testing.T) map[string]dashboard {
	t.Helper()
	files, err := filepath.Glob("grafana/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no dashboards found: %v", err)
	}
	boards := map[string]dashboard{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var board dashboard
		if err := json.Unmarshal(text, &board); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		boards[file] = board
	}
	return boards
}

func TestDashboardsLoadInEveryGrafanaSince10(t *testing.T) {
	uids := map[string]string{}
	for file, board := range loadDashboards(t) {
		if board.UID == "" || len(board.UID) > 40 || uids[board.UID] != "" {
			t.Errorf("%s: uid %q is empty, too long or that of %s", file, board.UID, uids[board.UID])
		}
		uids[board.UID] = file
		if board.SchemaVersion < 39 || board.SchemaVersion > 41 {
			t.Errorf("%s: schemaVersion %d is not 39 to 41", file, board.SchemaVersion)
		}
		if board.ID != nil || board.Editable {
			t.Errorf("%s: a provisioned dashboard has no id and is not editable", file)
		}
	}
}

func TestPanelsExplainThemselves(t *testing.T) {
	for file, board := range loadDashboards(t) {
		ids := map[int]bool{}
		for _, p := range board.Panels {
			if ids[p.ID] || p.ID == 0 {
				t.Errorf("%s: panel %q: id %d is used twice or 0", file, p.Title, p.ID)
			}
			ids[p.ID] = true
			if p.Type == "row" {
				continue
			}
			if p.Title == "" || len(p.Description) < 20 || p.FieldConfig.Defaults.Unit == "" {
				t.Errorf("%s: panel %d %q lacks a title, a description or a unit", file, p.ID, p.Title)
			}
			if len(p.Targets) == 0 {
				t.Errorf("%s: panel %q asks nothing", file, p.Title)
			}
			refs := map[string]bool{}
			for _, q := range p.Targets {
				if refs[q.RefID] {
					t.Errorf("%s: panel %q: refId %s is used twice", file, p.Title, q.RefID)
				}
				refs[q.RefID] = true
				if q.Datasource.UID != "$datasource" || p.Datasource.UID != "$datasource" {
					t.Errorf("%s: panel %q does not use $datasource", file, p.Title)
				}
			}
		}
	}
}

func TestPanelsDoNotOverlap(t *testing.T) {
	for file, board := range loadDashboards(t) {
		taken := map[[2]int]string{}
		for _, p := range board.Panels {
			if p.GridPos.W < 1 || p.GridPos.H < 1 || p.GridPos.X < 0 || p.GridPos.X+p.GridPos.W > 24 {
				t.Errorf("%s: panel %q lies outside the grid: %+v", file, p.Title, p.GridPos)
			}
			for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
				for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
					if other, ok := taken[[2]int{x, y}]; ok {
						t.Fatalf("%s: panels %q and %q overlap", file, p.Title, other)
					}
					taken[[2]int{x, y}] = p.Title
				}
			}
		}
	}
}

var (
	variableUse  = regexp.MustCompile(`\$\{?(\w+)`)
	legendLabels = regexp.MustCompile(`\{\{(\w+)\}\}`)
	grouping     = regexp.MustCompile(`\bby \(([^)]*)\)`)
	metricUse    = regexp.MustCompile(`\b((?:daylight|process|go)_\w+)(?:\{([^}]*)\})?`)
	labelUse     = regexp.MustCompile(`(\w+)\s*(?:=~|!~|!=|=)`)
	metricDesc   = regexp.MustCompile(`fqName: "([^"]+)".*variableLabels: \{([^}]*)\}`)
)

// targetLabels are those that Prometheus adds to every series.
var targetLabels = []string{"job", "instance", "le"}

func TestExpressionsUseDefinedVariables(t *testing.T) {
	for file, board := range loadDashboards(t) {
		defined := []string{"__rate_interval", "__range", "__interval"}
		for _, v := range board.Templating.List {
			defined = append(defined, v.Name)
		}
		for place, expr := range expressions(board) {
			for _, use := range variableUse.FindAllStringSubmatch(expr, -1) {
				if !slices.Contains(defined, use[1]) {
					t.Errorf("%s: %s uses $%s, which is not defined", file, place, use[1])
				}
			}
			if !strings.Contains(expr, `job=~"$job",instance=~"$instance"`) {
				t.Errorf("%s: %s ignores the variables job and instance: %s", file, place, expr)
			}
		}
	}
}

func TestLegendsNameLabelsThatTheExpressionKeeps(t *testing.T) {
	for file, board := range loadDashboards(t) {
		for _, p := range board.Panels {
			for _, q := range p.Targets {
				kept := grouping.FindAllStringSubmatch(q.Expr, -1)
				for _, use := range legendLabels.FindAllStringSubmatch(q.LegendFormat, -1) {
					if len(kept) > 0 && !slices.ContainsFunc(kept, func(g []string) bool { return slices.Contains(strings.Split(g[1], ", "), use[1]) }) {
						t.Errorf("%s: panel %q shows {{%s}}, which %s drops", file, p.Title, use[1], q.Expr)
					}
				}
			}
		}
	}
}

func TestExpressionsUseMetricsThatExist(t *testing.T) {
	known := registered(t)
	for file, board := range loadDashboards(t) {
		for place, expr := range expressions(board) {
			checkMetrics(t, file+": "+place, expr, known)
		}
	}
	for _, file := range ruleFiles {
		for _, r := range loadRules(t, file) {
			checkMetrics(t, file+": "+r.name(), r.Expr, known)
		}
	}
}

// expressions lists every PromQL expression of a dashboard by where it stands.
func expressions(board dashboard) map[string]string {
	all := map[string]string{}
	for _, p := range board.Panels {
		for _, q := range p.Targets {
			all["panel "+p.Title+" "+q.RefID] = q.Expr
		}
	}
	for _, a := range board.Annotations.List {
		all["annotation "+a.Name] = a.Expr
	}
	return all
}

// registered returns the labels of every metric by name, read from the registry
// of the proxy itself.
func registered(t *testing.T) map[string][]string {
	t.Helper()
	collector, ok := metrics.New(metrics.Build{}).Gatherer().(prometheus.Collector)
	if !ok {
		t.Fatal("the registry does not describe its metrics")
	}
	descs := make(chan *prometheus.Desc)
	go func() {
		defer close(descs)
		collector.Describe(descs)
	}()
	known := map[string][]string{}
	for d := range descs {
		m := metricDesc.FindStringSubmatch(d.String())
		if m == nil {
			t.Fatalf("cannot read %s", d)
		}
		known[m[1]] = strings.FieldsFunc(m[2], func(r rune) bool { return r == ',' })
	}
	// Of numbers that other parts know the command tells.
	text, err := os.ReadFile("../cmd/daylight/server.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?:Gauge|Counter)Func\("(\w+)"`).FindAllStringSubmatch(string(text), -1) {
		known["daylight_"+m[1]] = nil
	}
	return known
}

func checkMetrics(t *testing.T, place, expr string, known map[string][]string) {
	t.Helper()
	uses := metricUse.FindAllStringSubmatch(expr, -1)
	for _, use := range uses {
		name := strings.TrimSuffix(use[1], "_bucket")
		labels, ok := known[name]
		if !ok {
			if !strings.Contains(expr, ":"+use[1]) { // a recording rule is no metric
				t.Errorf("%s uses %s, which the proxy does not have", place, name)
			}
			continue
		}
		for _, l := range labelUse.FindAllStringSubmatch(use[2], -1) {
			if !slices.Contains(labels, l[1]) && !slices.Contains(targetLabels, l[1]) {
				t.Errorf("%s selects %s by %s, which is not one of its labels %v", place, name, l[1], labels)
			}
		}
		if strings.HasSuffix(name, "_total") && !regexp.MustCompile(`(rate|increase)\(`).MatchString(expr) {
			t.Errorf("%s uses the counter %s without rate or increase", place, name)
		}
	}
}
