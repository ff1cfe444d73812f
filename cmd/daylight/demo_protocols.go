package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"time"

	"daylight.internal/rules"
)

// protocolScenes are those in which more than one request says it.
func protocolScenes() []scene {
	list := customerList()
	picture := make([]byte, 9<<10)
	_, _ = rand.NewChaCha8([32]byte{}).Read(picture) // it does not fail
	const rule = "customer-lists-stay-home"
	return []scene{
		{
			title: "The list in a chat that speaks WebSocket", user: ana,
			says:    `"Draft an apology to each of them", in a message of an open connection`,
			message: hubMessage("Draft an apology to each of them.\n" + list),
			send:    (*player).sendToHub,
			expect:  ending{service: "microsoft-365-copilot", status: rules.Unreviewed, action: rules.Block, rule: rule, people: customers},
		},
		{
			title: "The list as a file for ChatGPT, which goes to another host by a signed URL", user: ana,
			says:    "crm-export.csv, announced to chatgpt.com and sent to a storage host",
			message: message{http.MethodPut, storageURL, "text/csv", []byte(list)},
			send:    (*player).sendAnnounced,
			expect:  ending{service: "chatgpt", status: rules.Tolerated, action: rules.Block, rule: rule, people: customers, file: uploadName},
		},
		{
			title: "The list in a gRPC call of a code editor", user: tom,
			says:    `"Write a test for this import", with the list as its example`,
			message: grpcMessage("https://api2.cursor.sh/aiserver.v1.ChatService/StreamUnifiedChatWithTools", "Write a test for this import:\n"+list),
			send:    (*player).sendCall,
			expect:  ending{service: "cursor", status: rules.Unreviewed, action: rules.Block, rule: rule, people: customers},
		},
		{
			title: "A picture, which Daylight cannot read: it says so", user: ana,
			says:    "banner.png as a file upload",
			message: uploadMessage("https://api.openai.com/v1/files", "purpose", "vision", "banner.png", "image/png", "\x89PNG\r\n\x1a\n"+string(picture)),
			expect:  ending{service: "openai-api", status: rules.Sanctioned, action: rules.Log, unread: "image"},
		},
	}
}

const (
	uploadName = "crm-export.csv"
	storageURL = "https://files.oaiusercontent.com/file-8JqvX2kPdW3m?se=2099-11-22T10%3A00%3A00Z&sig=0bMC"
)

// sendAnnounced tells ChatGPT of a file as its web app does, and sends the bytes
// where the answer says.
func (p *player) sendAnnounced(ctx context.Context, s *scene) (*result, error) {
	opening := jsonMessage("https://chatgpt.com/backend-api/files", map[string]any{
		"file_name": uploadName, "file_size": len(s.message.body), "use_case": "my_files",
	})
	resp, done, err := p.exchange(ctx, s, opening)
	if err != nil {
		return nil, err
	}
	defer done()
	var answer struct {
		URL string `json:"upload_url"`
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(&answer); err != nil || answer.URL != s.message.url {
		return nil, fmt.Errorf("announcing a file: the answer names %q: %w", answer.URL, err)
	}
	return p.send(ctx, s)
}

// openUpload answers the announcement of a file.
func openUpload(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{"status": "success", "upload_url": storageURL}) // the client may be gone
}

// sendCall makes a gRPC call over HTTP/2 and reads how it ended.
func (p *player) sendCall(ctx context.Context, s *scene) (*result, error) {
	before := p.standIn.received.Load()
	resp, done, err := p.exchange(ctx, s, s.message)
	if err != nil {
		return nil, err
	}
	defer done()
	out := &result{status: resp.StatusCode}
	if err := out.read(resp.Body, time.Now()); err != nil {
		return nil, err
	}
	out.arrived, out.told = p.standIn.received.Load()-before, callError(resp)
	return out, nil
}
