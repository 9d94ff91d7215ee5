// Reads an Atom feed and a JSON feed with feedsmith and prints what both hold, and who answers whom.
import { readFileSync } from "node:fs";
import { parseAtomFeed, parseJsonFeed } from "feedsmith";

const [atom, json] = process.argv.slice(2).map((path) => readFileSync(path, "utf8"));
const entries = parseAtomFeed(atom).entries;
const read = [entries, parseJsonFeed(JSON.parse(json)).items];
const told = read.map((all) => all.map((one) => [one.id, one.title?.value ?? one.title]));
const replies = entries.flatMap((one) => (one.thr?.inReplyTos ?? []).map((to) => [one.id, to.ref]));
console.log(JSON.stringify([...told, replies]));
