package whatsapptest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// maxBlob bounds an upload; the largest excerpt is far below.
const maxBlob = 64 << 20

// serveUpload keeps an encrypted file under the hash that its token states.
func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	up := s.media && s.failing == 0
	s.failing = max(s.failing-1, 0)
	s.uploads++
	s.mu.Unlock()
	if !up {
		http.Error(w, "media host is down", http.StatusServiceUnavailable)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBlob))
	if err != nil {
		return // the client gave up
	}
	sum := sha256.Sum256(body)
	if token := base64.URLEncoding.EncodeToString(sum[:]); token != r.PathValue("token") ||
		r.URL.Query().Get("token") != token {
		http.Error(w, "token is not the hash of the file", http.StatusBadRequest)
		return
	}
	path := fmt.Sprintf("/v/%x?ccb=1", sum)
	s.mu.Lock()
	s.blobs[fmt.Sprintf("/v/%x", sum)] = body
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(map[string]string{"url": "https://" + mediaHost + path,
		"direct_path": path}); err != nil {
		return // the client gave up
	}
}

func (s *Server) serveDownload(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.fetched++
	body, ok := s.blobs[r.URL.Path]
	up := s.media
	s.mu.Unlock()
	switch {
	case !up:
		http.Error(w, "media host is down", http.StatusServiceUnavailable)
	case !ok:
		http.NotFound(w, r)
	default:
		_, _ = w.Write(body)
	}
}
