package whatsapp

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"go.mau.fi/util/jsonbytes"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

// askPasskey shows the request and waits aside for the answer: codes and
// connection go on meanwhile.
func (p *pairing) askPasskey(ctx context.Context, e *events.PairPasskeyRequest) error {
	if p.o.Passkey == nil {
		return fmt.Errorf("%w: the account asks for a passkey", ErrPairRefused)
	}
	challenge, err := json.Marshal(e.PublicKey)
	if err != nil {
		return fmt.Errorf("encode passkey request: %w", err)
	}
	p.passkey = true
	p.o.Show(Prompt{Step: StepPasskey, Challenge: challenge, Snippet: fmt.Sprintf(passkeySnippet, challenge), Text: "" +
		"Akun ini meminta kunci sandi (passkey).\n" +
		"1. Di peramban (Chrome, Edge, Firefox) yang menyimpan kunci sandi itu, buka https://web.whatsapp.com\n" +
		"2. Tekan F12, lalu pilih Console (Konsol). Bila peramban memintanya, ketik: allow pasting\n" +
		"3. Tempelkan baris di bawah ini seluruhnya, tekan Enter, dan setujui di peramban.\n" +
		"4. Salin baris yang lalu tampil, mulai { sampai }: itulah jawabannya.\n" +
		"Bila tidak ada peramban seperti itu: matikan kunci sandi di HP (Setelan > Akun > Kunci sandi) dan ulangi."})
	go func() {
		answer, err := p.o.Passkey(ctx)
		p.answers <- passkeyAnswer{answer, err}
	}()
	return nil
}

// passkeySnippet asks the browser for the credential and prints it as readPasskey
// reads it. https://www.w3.org/TR/webauthn-3/#sctn-parseRequestOptionsFromJSON
const passkeySnippet = `console.log(JSON.stringify((await navigator.credentials.get({publicKey: ` +
	`PublicKeyCredential.parseRequestOptionsFromJSON(%s)})).toJSON()))`

func (p *pairing) answer(ctx context.Context, text []byte) error {
	r, err := readPasskey(text)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, p.c.cfg.Timing.Ack)
	defer cancel()
	if err := p.client.SendPasskeyResponse(ctx, r); err != nil {
		return fmt.Errorf("%w: passkey: %s", ErrPairRefused, redact(err))
	}
	return nil
}

// readPasskey reads what a browser's credential became as JSON; around it a console
// may print quotes. Browsers write base64 for URLs, with or without padding. It
// returns ErrPasskey, which never says what the answer holds.
func readPasskey(text []byte) (*types.WebAuthnResponse, error) {
	var in struct {
		ID, RawID, Type string
		Response        struct{ ClientDataJSON, AuthenticatorData, Signature, UserHandle string }
	}
	if err := json.Unmarshal(bytes.Trim(text, "'\"` \t\r\n"), &in); err != nil {
		return nil, ErrPasskey
	}
	r := &types.WebAuthnResponse{ID: in.ID, Type: in.Type}
	for _, f := range []struct {
		from string
		to   *[]byte
	}{
		{in.RawID, (*[]byte)(&r.RawID)},
		{in.Response.ClientDataJSON, (*[]byte)(&r.Response.ClientDataJSON)},
		{in.Response.AuthenticatorData, (*[]byte)(&r.Response.AuthenticatorData)},
		{in.Response.Signature, (*[]byte)(&r.Response.Signature)},
	} {
		b, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(f.from, "="))
		if err != nil || len(b) == 0 {
			return nil, ErrPasskey
		}
		*f.to = b
	}
	if in.Response.UserHandle != "" {
		b, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(in.Response.UserHandle, "="))
		if err != nil {
			return nil, ErrPasskey
		}
		r.Response.UserHandle = (*jsonbytes.UnpaddedURLBytes)(&b)
	}
	return r, nil
}

// confirm finishes a passkey exchange. The code is shown for comparison; a
// person who sees another one on the phone breaks off here.
func (p *pairing) confirm(ctx context.Context, e *events.PairPasskeyConfirmation) error {
	if !e.SkipHandoffUX {
		p.o.Show(Prompt{Step: StepCompare, Code: e.Code,
			Text: "Cocokkan kode ini dengan yang tampil di HP. Bila berbeda, hentikan."})
	}
	ctx, cancel := context.WithTimeout(ctx, p.c.cfg.Timing.Ack)
	defer cancel()
	if err := p.client.SendPasskeyConfirmation(ctx); err != nil {
		return fmt.Errorf("%w: passkey: %s", ErrPairRefused, redact(err))
	}
	return nil
}
