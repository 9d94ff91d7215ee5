// Reads an Atom feed and a JSON feed with feedsmith and prints what both hold.
import { readFileSync } from "node:fs";
import { parseAtomFeed, parseJsonFeed } from "feedsmith";

const [atom, json] = process.argv.slice(2).map((path) => readFileSync(path, "utf8"));
const read = [parseAtomFeed(atom).entries, parseJsonFeed(JSON.parse(json)).items];
const told = read.map((all) => all.map((one) => [one.id, one.title?.value ?? one.title]));
console.log(JSON.stringify(told));
