package telegramtest

import (
	"context"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strconv"
)

// maxUpload is the largest file a bot may send: 50 MiB.
const maxUpload = 50 << 20

// request is one call, whatever way it was written.
type request struct {
	ctx    context.Context
	params map[string]string
	files  map[string]upload
}

type upload struct {
	name string
	data []byte
}

// readRequest takes parameters from the query, a form, a multipart form or JSON.
func readRequest(r *http.Request) (*request, *apiError) {
	req := &request{params: map[string]string{}, files: map[string]upload{}}
	for k, v := range r.URL.Query() {
		req.params[k] = v[0]
	}
	if r.Method == http.MethodGet {
		return req, nil
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		kind = ""
	}
	r.Body = http.MaxBytesReader(nil, r.Body, maxUpload+1<<20)
	switch kind {
	case "application/x-www-form-urlencoded":
		if err := r.ParseForm(); err != nil {
			return req, badRequest("can't parse form")
		}
		for k, v := range r.PostForm {
			req.params[k] = v[0]
		}
	case "multipart/form-data":
		return req, req.readParts(r)
	case "application/json":
		var m map[string]json.RawMessage
		if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
			return req, badRequest("can't parse request parameters JSON object")
		}
		for k, v := range m {
			var text string
			if json.Unmarshal(v, &text) == nil {
				req.params[k] = text
			} else {
				req.params[k] = string(v)
			}
		}
	}
	return req, nil
}

func (req *request) readParts(r *http.Request) *apiError {
	parts, err := r.MultipartReader()
	if err != nil {
		return badRequest("can't parse multipart form")
	}
	for {
		p, err := parts.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return badRequest("can't parse multipart form")
		}
		data, err := io.ReadAll(p)
		if err != nil {
			return refuse(413, "Request Entity Too Large")
		}
		if p.FileName() == "" {
			req.params[p.FormName()] = string(data)
			continue
		}
		if len(data) > maxUpload {
			return refuse(413, "Request Entity Too Large")
		}
		req.files[p.FormName()] = upload{name: p.FileName(), data: data}
	}
}

// int64 reads a parameter, def when it is not given.
func (req *request) int64(name string, def int64) (int64, *apiError) {
	v, given := req.params[name]
	if !given || v == "" {
		return def, nil
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil {
		return 0, badRequest("%s must be a number", name)
	}
	return n, nil
}

func (req *request) bool(name string) bool {
	switch req.params[name] {
	case "true", "True", "1", "yes":
		return true
	}
	return false
}
