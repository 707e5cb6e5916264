// Package web is the desk's page for staff in a browser: one more channel, beside
// Telegram and WhatsApp, for configured staff only.
//
// It decides nothing. What a member of staff orders goes into the inbox as their
// message, from the address [conversation.Staff.Web], and what the desk answers
// comes back as letters, which the page shows; so rules, owners, relays and audit
// stay in the conversation. What it shows besides, it reads through the small
// interfaces of [Config], which cmd fills.
//
// Nobody has a password. Staff write MASUK in their chat, or run pst staff link on
// the machine, and get a code that lets them in once within five minutes.
//
// Every page is plain HTML made here, with forms that work without a script; scripts
// and styles are files of the program itself, and the content security policy allows
// no others. assets/pico.min.css is Pico CSS 2.1.1 (MIT, https://picocss.com).
package web
