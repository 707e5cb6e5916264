// The other side of `peers answer`: telegram-test-api plays Telegram and a person.
const { spawn } = require("node:child_process");
const TelegramServer = require("telegram-test-api");

const token = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0";

function check(what, ok, seen) {
  if (!ok) throw new Error(`${what}: ${JSON.stringify(seen)}`);
  console.log(`ok  ${what}`);
}

async function main() {
  const server = new TelegramServer({ port: 0, host: "127.0.0.1", storeTimeout: 60 });
  server.config.port = await freePort();
  server.config.apiURL = `http://127.0.0.1:${server.config.port}`;
  await server.start();
  const bot = spawn(process.argv[2], ["answer", server.config.apiURL], { stdio: ["ignore", "inherit", "pipe"] });
  bot.stderr.on("data", () => {}); // chat actions and commands are not known to this server
  try {
    const client = server.getClient(token, { timeout: 10000 });
    await client.sendMessage(client.makeMessage("penduduk 2024"));
    let updates = (await client.getUpdates()).result;
    const m = updates[0].message;
    check("an answer to a text", m.text === "Anda menulis <b>penduduk 2024</b> &amp; ini daftarnya" && m.parse_mode === "HTML", m);
    const keys = typeof m.reply_markup === "string" ? JSON.parse(m.reply_markup) : m.reply_markup;
    const button = keys.inline_keyboard[0][0];
    check("a button", button.text === "Lanjut" && Buffer.byteLength(button.callback_data) <= 64, keys);
    const press = client.makeCallbackQuery(button.callback_data, { message: { message_id: updates[0].messageId, date: 1, chat: { id: m.chat_id ?? 1, type: "private" }, text: m.text } });
    press.message.chat.id = Number(press.from.id);
    await client.sendCallback(press);
    const until = Date.now() + 10000;
    let edited;
    while (!edited && Date.now() < until) {
      edited = (await client.getUpdatesHistory()).find((u) => u.message && /halaman/.test(u.message.text));
      await new Promise((r) => setTimeout(r, 50));
    }
    check("a page turned by a button", edited, await client.getUpdatesHistory());
  } finally {
    bot.kill("SIGINT");
    await server.stop();
  }
}

function freePort() {
  return new Promise((resolve) => {
    const s = require("node:net").createServer().listen(0, "127.0.0.1", () => {
      const { port } = s.address();
      s.close(() => resolve(port));
    });
  });
}

main().then(() => process.exit(0), (e) => { console.error(e.message); process.exit(1); });
