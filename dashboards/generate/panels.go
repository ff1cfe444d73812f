package main

import "fmt"

// The colours of the verdicts are the same in every panel.
const (
	green  = "#3fa66b"
	blue   = "#4f8fdc"
	amber  = "#e8a33d"
	orange = "#e5743a"
	red    = "#d6453d"
	violet = "#8a6fd1"
	grey   = "#8e96a3"
)

func prometheus() source { return source{Type: "prometheus", UID: "$datasource"} }

func ptr[T any](v T) *T { return &v }

// query is one expression of a panel with the legend of its series.
type query struct{ expr, legend string }

func newPanel(kind, title, description, unit string) panel {
	return panel{
		Type: kind, Title: title, Description: description, Datasource: ptr(prometheus()),
		FieldConfig: &fieldConfig{
			Defaults: fieldDefaults{
				Color:      map[string]any{"mode": "palette-classic"},
				Mappings:   []map[string]any{},
				Thresholds: thresholds{Mode: "absolute", Steps: []step{{Color: green}}},
				Unit:       unit,
			},
			Overrides: []override{},
		},
	}
}

func (p panel) ask(instant bool, format string, queries ...query) panel {
	for i, q := range queries {
		p.Targets = append(p.Targets, target{
			Datasource: prometheus(), Expr: q.expr, LegendFormat: q.legend, Format: format,
			Instant: instant, Range: !instant, RefID: string(rune('A' + i)),
		})
	}
	return p
}

// sized sets width and height on Grafana's grid of 24 columns.
func (p panel) sized(width, height int) panel {
	p.GridPos.W, p.GridPos.H = width, height
	return p
}

// stat shows one number for the whole time range with its colour from thresholds.
func stat(title, description, unit string, q query) panel {
	p := newPanel("stat", title, description, unit).ask(true, "", q).sized(3, 4)
	p.FieldConfig.Defaults.Color["mode"] = "thresholds"
	p.FieldConfig.Defaults.NoValue = "0"
	p.Options = map[string]any{
		"colorMode": "value", "graphMode": "none", "justifyMode": "center", "orientation": "auto",
		"reduceOptions": map[string]any{"calcs": []string{"lastNotNull"}, "fields": "", "values": false},
		"textMode":      "value", "wideLayout": true,
	}
	return p
}

// over draws numbers at or above value in color. Calls go from low to high.
func (p panel) over(value float64, color string) panel {
	p.FieldConfig.Defaults.Thresholds.Steps = append(p.FieldConfig.Defaults.Thresholds.Steps, step{color, ptr(value)})
	return p
}

// base is the colour below every threshold.
func (p panel) base(color string) panel {
	p.FieldConfig.Defaults.Thresholds.Steps[0].Color = color
	return p
}

// decimals fixes the digits after the point: counts that Prometheus
// extrapolates would otherwise show fractions of an exchange.
func (p panel) decimals(n int) panel {
	p.FieldConfig.Defaults.Decimals = ptr(n)
	return p
}

func (p panel) max(v float64) panel {
	p.FieldConfig.Defaults.Max = ptr(v)
	return p
}

// says replaces a value by a word.
func (p panel) says(value, word, color string) panel {
	p.FieldConfig.Defaults.Mappings = append(p.FieldConfig.Defaults.Mappings, map[string]any{
		"type": "value", "options": map[string]any{value: map[string]any{"text": word, "color": color}},
	})
	return p
}

// lines draws series over time.
func lines(title, description, unit string, queries ...query) panel {
	p := newPanel("timeseries", title, description, unit).ask(false, "", queries...).sized(12, 8)
	p.FieldConfig.Defaults.Min = ptr(0.0)
	p.FieldConfig.Defaults.Custom = map[string]any{
		"drawStyle": "line", "lineInterpolation": "monotone", "lineWidth": 2, "fillOpacity": 12,
		"gradientMode": "opacity", "showPoints": "never", "spanNulls": false,
		"stacking": map[string]any{"mode": "none", "group": "A"},
	}
	p.Options = map[string]any{
		"legend":  map[string]any{"displayMode": "table", "placement": "right", "showLegend": true, "calcs": []string{"max", "lastNotNull"}, "sortBy": "Max", "sortDesc": true},
		"tooltip": map[string]any{"mode": "multi", "sort": "desc"},
	}
	return p
}

// stacked turns lines into stacked bars, for parts of a whole.
func (p panel) stacked() panel {
	custom := p.FieldConfig.Defaults.Custom
	custom["drawStyle"], custom["fillOpacity"], custom["lineWidth"], custom["gradientMode"] = "bars", 80, 0, "none"
	custom["stacking"] = map[string]any{"mode": "normal", "group": "A"}
	return p
}

// bars ranks series by their total over the time range.
func bars(title, description, unit string, q query) panel {
	p := newPanel("bargauge", title, description, unit).ask(true, "", q).sized(8, 8)
	p.FieldConfig.Defaults.Min = ptr(0.0)
	p.FieldConfig.Defaults.Color["mode"] = "continuous-BlPu"
	p.Options = map[string]any{
		"displayMode": "gradient", "orientation": "horizontal", "showUnfilled": true, "valueMode": "color", "namePlacement": "left",
		"reduceOptions": map[string]any{"calcs": []string{"lastNotNull"}, "fields": "", "values": false},
	}
	return p
}

// colored gives the series called name a fixed colour.
func (p panel) colored(name, color string) panel {
	p.FieldConfig.Overrides = append(p.FieldConfig.Overrides, override{
		Matcher:    map[string]any{"id": "byName", "options": name},
		Properties: []property{{"color", map[string]any{"mode": "fixed", "fixedColor": color}}},
	})
	return p
}

func (p panel) verdictColors() panel {
	return p.colored("block", red).colored("redact", violet).colored("coach", amber).colored("log", blue).colored("allow", green)
}

func (p panel) statusColors() panel {
	return p.colored("prohibited", red).colored("unreviewed", orange).colored("tolerated", amber).colored("sanctioned", green).colored("none", grey)
}

// column is one column of a table: its heading, unit and expression.
type column struct{ heading, unit, expr string }

// key is a label that names the rows of a table, with its heading.
type key struct{ label, heading string }

// table joins instant queries by their labels, one column each after the keys,
// the first one sorted downwards.
func table(title, description string, keys []key, columns ...column) panel {
	p := newPanel("table", title, description, "short").sized(24, 9)
	rename, order := map[string]string{}, map[string]int{}
	for i, k := range keys {
		rename[k.label], order[k.label] = k.heading, i
	}
	for i, c := range columns {
		p = p.tableColumn(i, c)
		value := "Value #" + p.Targets[i].RefID
		rename[value], order[value] = c.heading, len(keys)+i
	}
	p.Options = map[string]any{
		"cellHeight": "sm", "showHeader": true,
		"sortBy": []map[string]any{{"displayName": columns[0].heading, "desc": true}},
	}
	p.Transformations = []transformation{
		{ID: "merge", Options: map[string]any{}},
		{ID: "organize", Options: map[string]any{"excludeByName": map[string]bool{"Time": true}, "indexByName": order, "renameByName": rename}},
	}
	return p
}

func (p panel) tableColumn(i int, c column) panel {
	ref := string(rune('A' + i))
	p.Targets = append(p.Targets, target{Datasource: prometheus(), Expr: c.expr, Format: "table", Instant: true, RefID: ref})
	properties := []property{{"unit", c.unit}, {"decimals", 0}}
	if c.unit == "decbytes" {
		properties[1].Value = 1
	}
	p.FieldConfig.Overrides = append(p.FieldConfig.Overrides, override{
		Matcher: map[string]any{"id": "byName", "options": c.heading}, Properties: properties,
	})
	return p
}

// section is a row of the dashboard with its panels.
type section struct {
	title  string
	panels []panel
}

// arrange numbers the panels and puts them on the grid, left to right, a new
// line when the next one does not fit. A section without title has no row bar.
func arrange(sections []section) []panel {
	var placed []panel
	y := 0
	add := func(p panel, x, y int) {
		p.ID, p.GridPos.X, p.GridPos.Y = len(placed)+1, x, y
		placed = append(placed, p)
	}
	for _, s := range sections {
		if s.title != "" {
			add(panel{Type: "row", Title: s.title, Collapsed: ptr(false), GridPos: gridPos{H: 1, W: 24}}, 0, y)
			y++
		}
		x, height := 0, 0
		for _, p := range s.panels {
			if p.GridPos.W > 24 {
				panic(fmt.Sprintf("panel %q is wider than the grid", p.Title))
			}
			if x+p.GridPos.W > 24 {
				x, y, height = 0, y+height, 0
			}
			add(p, x, y)
			x, height = x+p.GridPos.W, max(height, p.GridPos.H)
		}
		y += height
	}
	return placed
}
