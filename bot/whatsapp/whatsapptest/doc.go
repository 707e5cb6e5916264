// Package whatsapptest is a WhatsApp server that runs inside a test.
//
// It speaks the real protocol to unmodified whatsmeow clients: websocket,
// Noise handshake with a certificate chain under a test root, login, prekeys,
// device and LID queries, fan-out to every device, receipts and retry receipts,
// an offline queue that keeps what was not acknowledged, media, and pairing by
// QR code and link code. It cannot read the messages: they stay encrypted end
// to end. The people of a test are whatsmeow clients of their own ([Person]).
//
// A test starts a [Server], gives [Server.HTTPClient] to the program under test
// and asserts what the people received. The client's transport reaches the
// server and nothing else: when any other host is asked for, the test fails.
// [Server] methods make the weather: cuts, refusals, slow or failing
// acknowledgements, a media host that is down.
package whatsapptest
