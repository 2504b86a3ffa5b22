// render [-n NAMESPACE] [-f VALUES.yaml]… RELEASE CHART writes what "helm template" writes, for charts without dependencies.
// Tests use it where there is no helm. It knows as much of Helm as charts/ needs; a template that wants more fails by name.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"github.com/xeipuuv/gojsonschema"
	"sigs.k8s.io/yaml"
)

type object = map[string]any

func main() {
	var files []string
	namespace := flag.String("n", "default", "the namespace of the release")
	flag.Func("f", "a file with values; of two values the last one wins", func(file string) error { files = append(files, file); return nil })
	flag.Parse()
	if flag.NArg() != 2 {
		check(errors.New("usage: render [-n NAMESPACE] [-f VALUES.yaml]... RELEASE CHART"))
	}
	release, folder := flag.Arg(0), flag.Arg(1)
	values := object{}
	for _, file := range append([]string{filepath.Join(folder, "values.yaml")}, files...) {
		merge(values, readYaml(file))
	}
	validate(filepath.Join(folder, "values.schema.json"), values)
	chart := readYaml(filepath.Join(folder, "Chart.yaml"))
	execute(folder, object{
		"Capabilities": object{"KubeVersion": object{"Version": "v1.29.0", "Major": "1", "Minor": "29"}},
		"Chart":        object{"AppVersion": chart["appVersion"], "Name": chart["name"], "Version": chart["version"]},
		"Files":        chartFiles(folder),
		"Release":      object{"Name": release, "Namespace": *namespace, "Service": "Helm", "IsInstall": true, "IsUpgrade": false},
		"Template":     object{"BasePath": "templates"},
		"Values":       values,
	})
}

func check(err error, where ...string) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err, strings.Join(where, " "))
		os.Exit(1)
	}
}

func read(file string) []byte {
	text, err := os.ReadFile(file)
	check(err)
	return text
}

func readYaml(file string) object {
	value := object{}
	check(yaml.UnmarshalStrict(read(file), &value), "in", file)
	return value
}

// merge lays more over values: maps are merged, null takes a default away, all else replaces.
func merge(values, more object) {
	for key, value := range more {
		below, isMap := values[key].(object)
		if above, bothAre := value.(object); isMap && bothAre {
			merge(below, above)
		} else if value == nil {
			delete(values, key)
		} else {
			values[key] = value
		}
	}
}

func validate(schema string, values object) {
	result, err := gojsonschema.Validate(gojsonschema.NewBytesLoader(read(schema)), gojsonschema.NewGoLoader(values))
	check(err)
	for _, problem := range result.Errors() {
		fmt.Fprintln(os.Stderr, "-", problem)
	}
	if !result.Valid() {
		check(errors.New("the values do not fit values.schema.json, as said above"))
	}
}

// execute writes every template that is no partial. NOTES.txt, which is for people, has to succeed and is not written.
func execute(folder string, root object) {
	all := template.New("chart").Option("missingkey=zero")
	all.Funcs(sprig.TxtFuncMap()).Funcs(helmFunctions(all))
	files, err := filepath.Glob(filepath.Join(folder, "templates", "*"))
	check(err)
	for _, file := range files {
		_, err := all.New(filepath.Base(file)).Parse(string(read(file)))
		check(err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		text, err := run(all, name, root)
		check(err)
		if name != "NOTES.txt" && !strings.HasPrefix(name, "_") {
			fmt.Printf("---\n# Source: %s\n%s\n", name, text)
		}
	}
}

func run(all *template.Template, name string, data any) (string, error) {
	var text bytes.Buffer
	err := all.ExecuteTemplate(&text, name, data)
	return strings.ReplaceAll(text.String(), "<no value>", ""), err
}

// helmFunctions are those that Helm adds to sprig's.
func helmFunctions(all *template.Template) template.FuncMap {
	return template.FuncMap{
		"include": func(name string, data any) (string, error) { return run(all, name, data) },
		"tpl": func(text string, data any) (string, error) {
			parsed := template.Must(all.Clone())
			template.Must(parsed.New("tpl").Parse(text))
			return run(parsed, "tpl", data)
		},
		"required": func(message string, value any) (any, error) {
			if value == nil || value == "" {
				return nil, errors.New(message)
			}
			return value, nil
		},
		"toYaml": func(value any) (string, error) {
			text, err := yaml.Marshal(value)
			return strings.TrimSuffix(string(text), "\n"), err
		},
		"fromYaml": func(text string) (object, error) {
			value := object{}
			return value, yaml.Unmarshal([]byte(text), &value)
		},
	}
}

// chartFiles is .Files: the chart's own, by their path in it.
type chartFiles string

func (folder chartFiles) Get(name string) string {
	return string(read(filepath.Join(string(folder), name)))
}
