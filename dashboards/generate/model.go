package main

// The types below are the part of Grafana's classic dashboard model that
// Daylight uses (schemaVersion 39, Grafana 10.4 and newer).

type dashboard struct {
	Annotations   annotations `json:"annotations"`
	Description   string      `json:"description"`
	Editable      bool        `json:"editable"`
	GraphTooltip  int         `json:"graphTooltip"` // 1: one crosshair for all panels
	Links         []link      `json:"links"`
	Panels        []panel     `json:"panels"`
	Refresh       string      `json:"refresh"`
	SchemaVersion int         `json:"schemaVersion"`
	Tags          []string    `json:"tags"`
	Templating    templating  `json:"templating"`
	Time          timeRange   `json:"time"`
	Timezone      string      `json:"timezone"`
	Title         string      `json:"title"`
	UID           string      `json:"uid"`
	Version       int         `json:"version"`
}

type timeRange struct {
	From string `json:"from"`
	To   string `json:"to"`
}

type source struct {
	Type string `json:"type"`
	UID  string `json:"uid"`
}

type annotations struct {
	List []annotation `json:"list"`
}

type annotation struct {
	Datasource  source `json:"datasource"`
	Enable      bool   `json:"enable"`
	Expr        string `json:"expr"`
	IconColor   string `json:"iconColor"`
	Name        string `json:"name"`
	Step        string `json:"step"`
	TitleFormat string `json:"titleFormat"`
}

type link struct {
	AsDropdown  bool     `json:"asDropdown"`
	Icon        string   `json:"icon,omitempty"`
	IncludeVars bool     `json:"includeVars"`
	KeepTime    bool     `json:"keepTime"`
	Tags        []string `json:"tags"`
	TargetBlank bool     `json:"targetBlank"`
	Title       string   `json:"title"`
	Tooltip     string   `json:"tooltip,omitempty"`
	Type        string   `json:"type"`
	URL         string   `json:"url,omitempty"`
}

type templating struct {
	List []variable `json:"list"`
}

type variable struct {
	AllValue   string  `json:"allValue,omitempty"`
	Current    any     `json:"current"`
	Datasource *source `json:"datasource,omitempty"`
	Definition string  `json:"definition,omitempty"`
	Hide       int     `json:"hide"`
	IncludeAll bool    `json:"includeAll"`
	Label      string  `json:"label"`
	Multi      bool    `json:"multi"`
	Name       string  `json:"name"`
	Query      any     `json:"query"`
	Refresh    int     `json:"refresh"` // 2: when the time range changes
	Regex      string  `json:"regex"`
	Sort       int     `json:"sort"`
	Type       string  `json:"type"`
}

type panel struct {
	Collapsed       *bool            `json:"collapsed,omitempty"` // rows only
	Datasource      *source          `json:"datasource,omitempty"`
	Description     string           `json:"description,omitempty"`
	FieldConfig     *fieldConfig     `json:"fieldConfig,omitempty"`
	GridPos         gridPos          `json:"gridPos"`
	ID              int              `json:"id"`
	Links           []link           `json:"links,omitempty"`
	Options         map[string]any   `json:"options,omitempty"`
	Panels          []panel          `json:"panels,omitempty"`
	Targets         []target         `json:"targets,omitempty"`
	Title           string           `json:"title"`
	Transformations []transformation `json:"transformations,omitempty"`
	Type            string           `json:"type"`
}

type gridPos struct {
	H int `json:"h"`
	W int `json:"w"`
	X int `json:"x"`
	Y int `json:"y"`
}

type target struct {
	Datasource   source `json:"datasource"`
	Expr         string `json:"expr"`
	Format       string `json:"format,omitempty"`
	Instant      bool   `json:"instant"`
	LegendFormat string `json:"legendFormat,omitempty"`
	Range        bool   `json:"range"`
	RefID        string `json:"refId"`
}

type transformation struct {
	ID      string         `json:"id"`
	Options map[string]any `json:"options"`
}

type fieldConfig struct {
	Defaults  fieldDefaults `json:"defaults"`
	Overrides []override    `json:"overrides"`
}

type fieldDefaults struct {
	Color      map[string]any   `json:"color"`
	Custom     map[string]any   `json:"custom,omitempty"`
	Decimals   *int             `json:"decimals,omitempty"`
	Mappings   []map[string]any `json:"mappings"`
	Max        *float64         `json:"max,omitempty"`
	Min        *float64         `json:"min,omitempty"`
	NoValue    string           `json:"noValue,omitempty"`
	Thresholds thresholds       `json:"thresholds"`
	Unit       string           `json:"unit"`
}

type thresholds struct {
	Mode  string `json:"mode"`
	Steps []step `json:"steps"`
}

type step struct {
	Color string   `json:"color"`
	Value *float64 `json:"value"` // null: from the bottom
}

type override struct {
	Matcher    map[string]any `json:"matcher"`
	Properties []property     `json:"properties"`
}

type property struct {
	ID    string `json:"id"`
	Value any    `json:"value"`
}
