// Reads cases, one JSON object a line, and writes them with what Go and Sprig make of them.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
)

func conv(v interface{}) interface{} {
	switch x := v.(type) {
	case json.Number:
		if i, err := x.Int64(); err == nil && !strings.ContainsAny(x.String(), ".eE") {
			return int(i)
		}
		f, _ := x.Float64()
		return f
	case map[string]interface{}:
		for k := range x {
			x[k] = conv(x[k])
		}
		return x
	case []interface{}:
		for i := range x {
			x[i] = conv(x[i])
		}
		return x
	}
	return v
}

func run(t, opt string, data interface{}) (out string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	tm := template.New("t").Funcs(sprig.TxtFuncMap())
	if opt != "" {
		tm = tm.Option("missingkey=" + opt)
	}
	tm, err = tm.Parse(t)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	err = tm.Execute(&b, data)
	return b.String(), err
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	w := bufio.NewWriter(os.Stdout)
	defer w.Flush()
	for {
		line, e := in.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			d := json.NewDecoder(bytes.NewReader(line))
			d.UseNumber()
			var c map[string]interface{}
			if err := d.Decode(&c); err != nil {
				panic(err)
			}
			opt, _ := c["missing"].(string)
			out, err := run(c["template"].(string), opt, conv(c["data"]))
			if err != nil {
				c["error"] = err.Error()
			} else {
				c["wanted"] = out
			}
			enc := json.NewEncoder(w)
			enc.SetEscapeHTML(false)
			enc.Encode(c)
		}
		if e != nil {
			return
		}
	}
}
