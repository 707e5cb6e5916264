package telegramtest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// maxDownload is the largest file that getFile gives a bot: 20 MiB.
const maxDownload = 20 << 20

func (s *Server) getMe(*request) (any, *apiError) {
	return map[string]any{
		"id": s.botUser().ID, "is_bot": true, "first_name": "PST Uji", "username": s.opts.Username,
		"can_join_groups": s.opts.JoinGroups, "can_read_all_group_messages": s.opts.ReadGroups,
		"supports_inline_queries": false,
	}, nil
}

func (s *Server) botUser() wireUser {
	var id int64
	fmt.Sscanf(s.opts.Token, "%d:", &id)
	return wireUser{ID: id, IsBot: true, FirstName: "PST Uji", Username: s.opts.Username}
}

// Command is one line of the bot's command list.
type Command struct {
	Name        string `json:"command"`
	Description string `json:"description"`
}

func (s *Server) setMyCommands(req *request) (any, *apiError) {
	var list []Command
	if err := json.Unmarshal([]byte(req.params["commands"]), &list); err != nil {
		return nil, badRequest("can't parse commands JSON object")
	}
	if len(list) > 100 {
		return nil, badRequest("BOT_COMMANDS_TOO_MUCH")
	}
	for _, c := range list {
		if c.Name == "" || len(c.Name) > 32 || strings.Trim(c.Name, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
			return nil, badRequest("BOT_COMMAND_INVALID")
		}
		if n := utf16Len(c.Description); n < 1 || n > 256 {
			return nil, badRequest("BOT_COMMAND_DESCRIPTION_INVALID")
		}
	}
	s.setProfile("commands", req, list)
	return true, nil
}

func (s *Server) getMyCommands(req *request) (any, *apiError) {
	return s.getProfile("commands", req, "[]"), nil
}

func setText(field string, longest int) func(*Server, *request) (any, *apiError) {
	return func(s *Server, req *request) (any, *apiError) {
		text := req.params[field]
		if utf16Len(text) > longest {
			return nil, badRequest("%s is too long", field)
		}
		s.setProfile(field, req, map[string]string{field: text})
		return true, nil
	}
}

func getText(field string) func(*Server, *request) (any, *apiError) {
	return func(s *Server, req *request) (any, *apiError) {
		return s.getProfile(field, req, fmt.Sprintf(`{%q:""}`, field)), nil
	}
}

func (s *Server) setChatMenuButton(req *request) (any, *apiError) {
	var b map[string]any
	if err := json.Unmarshal([]byte(req.params["menu_button"]), &b); err != nil {
		return nil, badRequest("can't parse menu button")
	}
	s.setProfile("menu_button", req, b)
	return true, nil
}

func (s *Server) getChatMenuButton(req *request) (any, *apiError) {
	return s.getProfile("menu_button", req, `{"type":"default"}`), nil
}

func (s *Server) setProfile(field string, req *request, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Sprintf("telegramtest: encode %s: %v", field, err)) // decoded from JSON a moment ago
	}
	s.mu.Lock()
	s.profile[field+"/"+req.params["language_code"]] = body
	s.mu.Unlock()
}

func (s *Server) getProfile(field string, req *request, none string) json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, set := s.profile[field+"/"+req.params["language_code"]]; set {
		return v
	}
	return json.RawMessage(none)
}

// Commands is the command list that people with this language code see.
func (s *Server) Commands(language string) []Command {
	var list []Command
	req := &request{params: map[string]string{"language_code": language}}
	if err := json.Unmarshal(s.getProfile("commands", req, "[]"), &list); err != nil {
		return nil
	}
	return list
}

func (s *Server) getFile(req *request) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, known := s.files[req.params["file_id"]]
	if !known {
		return nil, badRequest("invalid file_id")
	}
	if len(f.Data) > maxDownload {
		return nil, badRequest("file is too big")
	}
	return map[string]any{"file_id": f.ID, "file_unique_id": "u" + f.ID, "file_size": len(f.Data),
		"file_path": "documents/" + f.ID}, nil
}

// serveFile answers a download: TOKEN/documents/FILEID.
func (s *Server) serveFile(w http.ResponseWriter, rest string) {
	token, path, _ := strings.Cut(rest, "/")
	s.mu.Lock()
	f, known := s.files[strings.TrimPrefix(path, "documents/")]
	s.mu.Unlock()
	if token != s.opts.Token || !known {
		w.WriteHeader(http.StatusNotFound)
		io.WriteString(w, `{"ok":false,"error_code":404,"description":"Not Found"}`)
		return
	}
	w.Write(f.Data) // the bot may have gone; nothing to do about it
}
