package whatsapptest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"go.mau.fi/libsignal/ecc"
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waCert"
	"go.mau.fi/whatsmeow/util/keys"
	"google.golang.org/protobuf/proto"
)

// root signs the certificates of all servers. whatsmeow keeps the key it trusts
// in one variable of the process, so there is one root; it is fixed, so that a
// second process of the same test trusts it too.
var root = sync.OnceValue(func() *keys.KeyPair {
	var seed [32]byte
	copy(seed[:], "whatsapptest: a root for tests..")
	return keys.NewKeyPairFromPrivateKey(seed)
})

// trust makes this process's whatsmeow clients trust the test root, and keeps
// any client that was not given a transport of its own off the network.
var trust = sync.OnceFunc(func() {
	whatsmeow.WACertPubKey = *root().Pub
	if t, ok := http.DefaultTransport.(*http.Transport); ok {
		t = t.Clone()
		t.Proxy = nil
		dial := t.DialContext
		t.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
			host, _, err := net.SplitHostPort(addr)
			if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsLoopback() {
				return dial(ctx, network, addr)
			}
			return nil, fmt.Errorf("whatsapptest: %s is not this machine", addr)
		}
		http.DefaultTransport = t
	}
})

// Join returns a client for another process of the same test: it reaches the
// server at addr ([Server.Addr]) and trusts its certificates.
func Join(addr string) *http.Client {
	trust()
	return client(addr, func(string) error { return nil })
}

// client reaches the server at addr whatever host is asked for; ask hears the
// host first and may refuse. What DialTLSContext returns counts as encrypted
// already, so plain TCP does and no certificate for the host is needed.
func client(addr string, ask func(host string) error) *http.Client {
	dial := func(ctx context.Context, network, host string) (net.Conn, error) {
		if err := ask(host); err != nil {
			return nil, err
		}
		var d net.Dialer
		return d.DialContext(ctx, network, addr)
	}
	return &http.Client{Transport: &http.Transport{DialContext: dial, DialTLSContext: dial}}
}

// certificate is a chain root -> intermediate -> leaf for the server's static key.
func certificate(static *keys.KeyPair) ([]byte, error) {
	intermediate := keys.NewKeyPair()
	now := time.Now()
	sign := func(by *keys.KeyPair, d *waCert.CertChain_NoiseCertificate_Details) (*waCert.CertChain_NoiseCertificate,
		error) {
		d.NotBefore = proto.Uint64(uint64(now.Add(-time.Hour).Unix()))
		d.NotAfter = proto.Uint64(uint64(now.Add(24 * time.Hour).Unix()))
		raw, err := proto.Marshal(d)
		if err != nil {
			return nil, fmt.Errorf("encode certificate: %w", err)
		}
		sig := ecc.CalculateSignature(ecc.NewDjbECPrivateKey(*by.Priv), raw)
		return &waCert.CertChain_NoiseCertificate{Details: raw, Signature: sig[:]}, nil
	}
	mid, err := sign(root(), &waCert.CertChain_NoiseCertificate_Details{
		Serial: proto.Uint32(1), IssuerSerial: proto.Uint32(0), Key: intermediate.Pub[:]})
	if err != nil {
		return nil, err
	}
	leaf, err := sign(intermediate, &waCert.CertChain_NoiseCertificate_Details{
		Serial: proto.Uint32(2), IssuerSerial: proto.Uint32(1), Key: static.Pub[:]})
	if err != nil {
		return nil, err
	}
	return proto.Marshal(&waCert.CertChain{Intermediate: mid, Leaf: leaf})
}
