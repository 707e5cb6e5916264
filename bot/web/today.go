package web

import "net/http"

func (s *Server) routesToday(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", s.today)
}

// today is what waits, and how the desk is doing.
func (s *Server) today(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusOK, "today", map[string]any{})
}
